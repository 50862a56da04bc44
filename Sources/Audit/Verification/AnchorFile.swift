// Numbers and links that were noted outside of the log.
package import Digests

/// One anchor a line, as `peergate audit anchor` prints it: a number, a blank, and the link behind the line of that number
/// in hexadecimal. Whatever a collector puts before that, with a blank behind it, is passed over, and so are lines that do
/// not end so.
package enum AnchorFile {
  package static func read(_ path: String) throws(VerificationError) -> [UInt64: SHA256Digest] {
    var anchors: [UInt64: SHA256Digest] = [:]
    try LogReader.forEachLine(of: path) { line, _ in
      if let (number, link) = parse(line) { anchors[number] = link }
      return anchors.count < AuditLimits.anchorsRead
    }
    return anchors
  }

  static func parse(_ line: Span<UInt8>) -> (UInt64, SHA256Digest)? {
    var end = line.count
    while end > 0, [0x0A, 0x0D, 0x20].contains(line[end - 1]) { end -= 1 }
    let start = end - 64
    guard start > 1, line[start - 1] == 0x20 else { return nil }
    var text: [UInt8] = []
    for index in start..<end { text.append(line[index]) }
    guard let link = SHA256Digest(hexadecimal: String(decoding: text, as: UTF8.self)) else { return nil }
    var (number, weight): (UInt64, UInt64) = (0, 1)
    var index = start - 1
    while index > 0, 48...57 ~= line[index - 1], start - 1 - index < 19 {
      index -= 1
      number += UInt64(line[index] - 48) * weight
      weight &*= 10
    }
    guard index < start - 1, index == 0 || line[index - 1] == 0x20 else { return nil }
    return (number, link)
  }
}
