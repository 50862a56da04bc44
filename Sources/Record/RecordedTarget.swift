// Method and path of a request as they may stand in its record.

internal import Audit
internal import HTTP
internal import Peering

/// What is served is written as it came. Of all else, names as short as those of Consul's paths are, and what is longer
/// is cut and digested: it may be a token where a name belongs.
struct RecordedTarget {
  private let text: RecordedText

  /// Consul's old paths with the secret of a token as their last part, which its own log hides, too.
  private static let tokenVerbs: [StaticString] = ["create", "update", "destroy", "info", "clone", "list"]

  init(_ text: RecordedText) { self.text = text }

  /// Nil unless all of it is served and none of it a secret. Most often it is, and then nothing is copied.
  static func asItCame(
    _ head: RequestHead, words: Entry.Words?, beside secrets: PresentedSecrets
  ) -> Entry.Request? {
    guard isPlain(head.path, beside: secrets), head.methodRange.count <= Quotation.longestBytes,
      !secrets.stand(in: head.line[head.methodRange].span)
    else { return nil }
    return Entry.Request(line: head.line, method: head.methodRange, endpoint: head.pathRange, words: words)
  }

  private static func isPlain(_ path: ArraySlice<UInt8>, beside secrets: PresentedSecrets) -> Bool {
    let name = path.lastIndex(of: UInt8(ascii: "/")).map { path[($0 + 1)...] } ?? []
    return ServedPath.isServed(path.span) && !secrets.contain(name.span)
  }

  /// What may not stand as it came.
  func request(_ head: RequestHead, words: Entry.Words?) -> Entry.Request {
    let path = head.path
    let word = text.whole(head.line[head.methodRange])
    let shown = Self.isPlain(path, beside: text.secrets) ? Array(path) : recorded(path)
    return Entry.Request(
      line: word + [UInt8(ascii: " ")] + shown, method: 0..<word.count,
      endpoint: (word.count + 1)..<(word.count + 1 + shown.count), words: words)
  }

  /// Nothing is written from the first secret on.
  private func recorded(_ path: ArraySlice<UInt8>) -> [UInt8] {
    let secret = secretStart(in: path)
    var result: [UInt8] = []
    var (isOfTokens, isSecret) = (false, false)
    var start = path.startIndex
    while start < path.endIndex {
      let end = path[start...].firstIndex(of: UInt8(ascii: "/")) ?? path.endIndex
      let part = path[start..<end]
      if isSecret && !part.isEmpty || secret < end { return result + PresentedSecrets.mark.utf8 }
      guard part.count <= Quotation.longestBytes else {
        return result + part.prefix(Quotation.beginningBytes)
          + text.mark(for: path[(start + Quotation.beginningBytes)...])
      }
      result += part
      let decoded = Self.decoded(part)
      isSecret = isSecret || isOfTokens && Self.tokenVerbs.contains { decoded.span.equals(lowercased: $0) }
      isOfTokens = isOfTokens || decoded.span.equals(lowercased: "acl")
      if end < path.endIndex { result.append(UInt8(ascii: "/")) }
      start = end + 1
    }
    return result
  }

  /// Where a secret begins in what may be written of `path`, as it came or with its escapes decoded; its end if there is
  /// none.
  private func secretStart(in path: ArraySlice<UInt8>) -> Int {
    let searched = path.prefix(
      Self.shownBytes(of: path) + Self.escapeBytes * RecordLimits.presentedSecretBytes)
    let raw = text.secrets.firstRange(in: searched.span).map { path.startIndex + $0.lowerBound }
    guard searched.contains(UInt8(ascii: "%")),
      let range = text.secrets.firstRange(in: Self.decoded(searched).span)
    else { return raw ?? path.endIndex }
    var start = path.startIndex
    for _ in 0..<range.lowerBound {
      start += Self.escaped(in: searched, at: start) == nil ? 1 : Self.escapeBytes
    }
    return min(raw ?? path.endIndex, start)
  }

  /// Nothing is written behind the beginning of the first part that is too long.
  private static func shownBytes(of path: ArraySlice<UInt8>) -> Int {
    var start = path.startIndex
    while start < path.endIndex {
      let end = path[start...].firstIndex(of: UInt8(ascii: "/")) ?? path.endIndex
      if end - start > Quotation.longestBytes { return start + Quotation.beginningBytes - path.startIndex }
      start = end + 1
    }
    return path.count
  }

  /// With its escapes taken for what they stand for, as Consul takes them. RFC 3986 2.1: they are whole.
  private static func decoded(_ part: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var index = part.startIndex
    while index < part.endIndex {
      let escaped = escaped(in: part, at: index)
      result.append(escaped ?? part[index])
      index += escaped == nil ? 1 : escapeBytes
    }
    return result
  }

  /// The byte that an escape at `index` stands for; nil if there is none.
  private static func escaped(in part: ArraySlice<UInt8>, at index: Int) -> UInt8? {
    guard part[index] == UInt8(ascii: "%"), index + 2 < part.endIndex,
      let high = hexadecimal(part[index + 1]), let low = hexadecimal(part[index + 2])
    else { return nil }
    return high << 4 | low
  }

  private static func hexadecimal(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
  }

  /// `%41`.
  private static let escapeBytes = 3
}
