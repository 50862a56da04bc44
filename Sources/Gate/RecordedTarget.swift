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

  private func recorded(_ path: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var (isOfTokens, isSecret) = (false, false)
    var start = path.startIndex
    while start < path.endIndex {
      let end = path[start...].firstIndex(of: UInt8(ascii: "/")) ?? path.endIndex
      let part = path[start..<end]
      let decoded = Self.decoded(part)
      if isSecret, !part.isEmpty { return result + PresentedSecrets.mark.utf8 }
      if text.secrets.stand(in: part.span) || text.secrets.stand(in: decoded.span) {
        result += PresentedSecrets.mark.utf8
      } else if part.count <= Quotation.longestBytes {
        result += part
      } else {
        return result + part.prefix(Quotation.beginningBytes)
          + text.mark(for: path[(start + Quotation.beginningBytes)...])
      }
      isSecret = isSecret || isOfTokens && Self.tokenVerbs.contains { decoded.span.equals(lowercased: $0) }
      isOfTokens = isOfTokens || decoded.span.equals(lowercased: "acl")
      if end < path.endIndex { result.append(UInt8(ascii: "/")) }
      start = end + 1
    }
    return result
  }

  /// With its escapes taken for what they stand for, as Consul takes them. RFC 3986 2.1: they are whole.
  private static func decoded(_ part: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var index = part.startIndex
    while index < part.endIndex {
      if part[index] == UInt8(ascii: "%"), index + 2 < part.endIndex,
        let byte = UInt8(String(decoding: part[index + 1...index + 2], as: UTF8.self), radix: 16)
      {
        result.append(byte)
        index += 3
      } else {
        result.append(part[index])
        index += 1
      }
    }
    return result
  }
}
