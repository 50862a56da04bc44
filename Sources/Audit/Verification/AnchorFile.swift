// A file of anchors, or of messages that have some among them.
import Bytes
import Digests

/// One anchor a line, as `peergate audit anchor` prints it: `gate=` and a name, which may be missing, a number, and the
/// link behind the line of that number in hexadecimal. Whatever a collector puts before that, with a blank behind it, is
/// passed over, and so are lines that do not end so.
package enum AnchorFile {
  /// Throws where there are more than a verification takes: those that were left out could be the ones that tell.
  package static func read(
    _ path: String, limit: Int = AuditLimits.anchorsRead
  ) throws(VerificationError) -> Anchors {
    var noted: [(gate: ByteString?, number: UInt64, link: SHA256Digest)] = []
    var otherLines = 0
    try LogReader.forEachLine(of: path) { line, _ in
      if let anchor = parse(line) { noted.append(anchor) } else { otherLines += 1 }
      return noted.count <= limit
    }
    guard noted.count <= limit else { throw .tooManyAnchors(path: path, limit: limit) }
    return Anchors(noted, otherLines: otherLines)
  }

  static func parse(_ line: Span<UInt8>) -> (gate: ByteString?, number: UInt64, link: SHA256Digest)? {
    var end = line.count
    while end > 0, [0x0A, 0x0D, 0x20].contains(line[end - 1]) { end -= 1 }
    let start = end - 64
    guard start > 1, line[start - 1] == 0x20 else { return nil }
    func text(_ range: Range<Int>) -> String { String(decoding: range.map { line[$0] }, as: UTF8.self) }
    guard let link = SHA256Digest(hexadecimal: text(start..<end)) else { return nil }
    var (number, weight): (UInt64, UInt64) = (0, 1)
    var index = start - 1
    while index > 0, 48...57 ~= line[index - 1], start - 1 - index < 19 {
      index -= 1
      number += UInt64(line[index] - 48) * weight
      weight &*= 10
    }
    guard index < start - 1, index == 0 || line[index - 1] == 0x20 else { return nil }
    guard index > 0 else { return (nil, number, link) }
    var word = index - 1
    while word > 0, line[word - 1] != 0x20 { word -= 1 }
    guard ByteString(text(word..<index - 1)).hasPrefix("gate=") else { return (nil, number, link) }
    // What calls itself a gate and cannot be one is no anchor of ours.
    let name = GateName(ByteString(text(word + 5..<index - 1)))
    return name.map { (ByteString($0.text), number, link) }
  }
}
