// What the writer finds at the end of a log before it goes on.
import Digests

/// The last lines of a log, back to the last signature. Anyone who could write the file while no gate ran may have changed
/// it; what does not hold here is not covered by what is signed from now on.
struct FoundEnd: Sendable, Equatable {
  enum Signed: Sendable, Equatable {
    /// No signature is in sight.
    case none
    /// By the gate's key, over the line with this number, and the lines from there on follow upon each other.
    case upTo(UInt64)
    /// By another key than the gate's, or by any where the gate has none.
    case byAnother(VerifyingKey)
    case broken(String)
  }

  let chain: Chain
  let signed: Signed

  /// Whose signature was the last, if not the gate's.
  var otherKey: VerifyingKey? { if case .byAnother(let key) = signed { key } else { nil } }
  /// Whether the last line is the end of a run, signed if there is a key, and nothing is torn behind it. A file that was
  /// ended for the next one is not the end of a run.
  let isClean: Bool
  /// Whether the last line ends its file for the next one.
  let endsWithRotation: Bool
  /// Whether that was not there: the gate puts it where the old one was, and deletes none.
  var nextIsMissing = false

  /// - Parameter bytes: lines, of which the first may be cut and the last has no newline; it is a whole one.
  init(_ bytes: ArraySlice<UInt8>, isTorn: Bool, key: VerifyingKey?) {
    var lines: [FoundLine] = []
    var seal: FoundSeal?
    var end = bytes.endIndex
    // From the last line back to one with a signature, or to the second one if nobody asks for signatures.
    while end > bytes.startIndex || lines.isEmpty {
      let start = (bytes[..<end].lastIndex(of: UInt8(ascii: "\n")) ?? bytes.startIndex - 1) + 1
      if let line = FoundLine(bytes[start..<end]) {
        lines.append(line)
        seal = line.seal(by: key)
        if seal != nil { break }
        if key == nil, lines.count == 2 { break }
      }
      guard start > bytes.startIndex else { break }
      end = start - 1
    }
    let last = lines[0]
    endsWithRotation = last.closes(for: "rotation")
    let isEnd = !isTorn && last.closes(for: "stop")
    let found = Self.format(of: last, after: lines.dropFirst().first)
    // Format 1 never follows upon 2.
    let format = lines.contains { $0.declaredFormat ?? 1 > 1 } ? Chain.format : found
    chain = Chain(last: last.number, link: last.link(format))
    guard let seal else {
      signed = .none
      isClean = isEnd && key == nil
      return
    }
    let first = lines[lines.count - 1].number
    switch seal {
    case .ours where Self.follow(lines.reversed()): signed = .upTo(first)
    case .ours:
      signed = .broken(
        "the lines behind its last signature, at number \(first), do not follow upon each other")
    case .another(let signer): signed = .byAnother(signer)
    // A gate without a key vouches for nothing, and is no judge of it.
    case .forged where key == nil: signed = .none
    case .forged: signed = .broken("the signature of its line \(first) is not over what stands there")
    }
    isClean = isEnd && signed == .upTo(last.number)
  }

  /// Told by which link the last line carries; where it is alone, by what it says.
  private static func format(of last: FoundLine, after before: FoundLine?) -> Int {
    if let declared = last.declaredFormat { return declared }
    guard let before else { return Chain.format }
    return last.previous == before.link(1) ? 1 : Chain.format
  }

  /// Whether each line carries the link behind the one before. The first is signed, and says its format; that rises with
  /// an opening record, if at all.
  private static func follow(_ lines: [FoundLine]) -> Bool {
    var format = 1
    for (line, next) in zip(lines, lines.dropFirst()) {
      format = max(format, min(line.declaredFormat ?? 1, Chain.format))
      guard next.number == line.number + 1, next.previous == line.link(format) else { return false }
    }
    return true
  }
}

/// One line as the writer wrote it.
struct FoundLine {
  let number: UInt64
  let previous: SHA256Digest
  private let bytes: ArraySlice<UInt8>
  /// Where `,"seq":` stands.
  private let payloadEnd: Int

  /// Nil for anything that does not end as `Chain` ends lines. Without its newline.
  init?(_ line: ArraySlice<UInt8>) {
    let name = Array(#","previous":""#.utf8)
    let suffixCount = AuditLimits.linkBytes - 1
    guard line.count > suffixCount, line.suffix(2).elementsEqual("\"}".utf8) else { return nil }
    let suffixStart = line.endIndex - suffixCount
    guard line[suffixStart...].starts(with: name) else { return nil }
    var start = suffixStart
    while start > line.startIndex, 48...57 ~= line[start - 1] { start -= 1 }
    guard line[..<start].suffix(7).elementsEqual(#","seq":"#.utf8),
      let number = UInt64(String(decoding: line[start..<suffixStart], as: UTF8.self)),
      number < UInt64(Int64.max),
      let previous = SHA256Digest(
        hexadecimal: String(decoding: line[(suffixStart + name.count)...].dropLast(2), as: UTF8.self))
    else { return nil }
    self.number = number
    self.previous = previous
    bytes = line
    payloadEnd = start - 7
  }

  /// The link behind the line.
  func link(_ format: Int) -> SHA256Digest {
    let whole = Array(bytes) + [UInt8(ascii: "\n")]
    guard format > 1 else { return SHA256.digest(of: whole.span) }
    return Chain(after: whole.span, number: number)?.link ?? previous
  }

  private var controlType: ArraySlice<UInt8>? {
    // Behind `{"created_at":"`, a timestamp of 27 bytes and its quotation mark.
    let type = bytes.dropFirst(43)
    let prefix = Array(#","event_type":"audit-"#.utf8)
    return type.starts(with: prefix) ? type.dropFirst(prefix.count) : nil
  }

  func closes(for cause: String) -> Bool {
    controlType?.starts(with: #"close","payload":{"cause":"\#(cause)""#.utf8) ?? false
  }

  /// Of an opening record, or of one that is signed.
  var declaredFormat: Int? {
    guard let type = controlType, type.starts(with: "open\"".utf8) else { return sealed?.format }
    let name = Array(#","format":"#.utf8)
    var rest = type[..<payloadEnd]
    while let comma = rest.firstIndex(of: UInt8(ascii: ",")) {
      rest = rest[comma...]
      if rest.starts(with: name) { return rest.dropFirst(name.count).first.map { Int($0) - 48 } }
      rest = rest.dropFirst()
    }
    return 1
  }

  /// Where key and signature stand, in Base64, and the format of their record; nil if they do not.
  private var sealed: (key: Range<Int>, signature: Range<Int>, format: Int)? {
    guard controlType != nil else { return nil }
    // ,"key":"<44>","signature":"<88>"}
    let signatureEnd = payloadEnd - 2
    let signatureName = Array(#"","signature":""#.utf8)
    let keyEnd = signatureEnd - 88 - signatureName.count
    let keyStart = keyEnd - 44
    guard keyStart > bytes.startIndex + 80, bytes[keyEnd...].starts(with: signatureName) else { return nil }
    return (keyStart..<keyEnd, signatureEnd - 88..<signatureEnd, hasFrom(before: keyStart) ? 2 : 1)
  }

  /// Nil where there is no signature.
  func seal(by key: VerifyingKey?) -> FoundSeal? {
    guard let sealed, let type = controlType, let signature = decoded(bytes[sealed.signature]),
      let named = decoded(bytes[sealed.key]), let signer = Self.key(named)
    else { return nil }
    let message =
      sealed.format > 1
      ? Array("peergate audit 2\n".utf8) + bytes[..<(sealed.key.upperBound + 1)] + bytes[(payloadEnd - 1)...]
      : oldMessage(type)
    do throws(DigestError) {
      guard try signer.isValid(signature: signature.span, for: message.span) else { return .forged }
    } catch {
      return .forged
    }
    return signer == key ? .ours : .another(signer)
  }

  /// What a signature of format 1 covers: the type, the number, the link and the time.
  private func oldMessage(_ type: ArraySlice<UInt8>) -> [UInt8] {
    let end = type.firstIndex(of: UInt8(ascii: "\"")) ?? type.startIndex
    return Array("peergate audit 1\naudit-".utf8) + type[..<end]
      + Array("\n\(number)\n\(previous.hexadecimal)\n".utf8) + bytes.dropFirst(15).prefix(27) + [10]
  }

  /// Whether `"from":` and a number stand before the key.
  private func hasFrom(before keyStart: Int) -> Bool {
    var index = keyStart - #","key":""#.utf8.count
    while index > bytes.startIndex, 48...57 ~= bytes[index - 1] { index -= 1 }
    return bytes[..<index].suffix(7).elementsEqual(#""from":"#.utf8)
  }

  private static func key(_ bytes: [UInt8]) -> VerifyingKey? { VerifyingKey(bytes: bytes.span) }

  private func decoded(_ text: ArraySlice<UInt8>) -> [UInt8]? {
    let text = Array(text)
    do throws(DigestError) { return try Base64.decode(text.span) } catch { return nil }
  }
}

enum FoundSeal {
  case ours, forged
  case another(VerifyingKey)
}
