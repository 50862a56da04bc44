// One configuration text under the name that messages call it by.

package import Bytes
package import JSON

/// Kept by everything read from it, so that a fault found late (two tokens in two files with one digest)
/// can still show its line. Shared, and never changed.
package final class Source: Sendable {
  /// The path as the operator gave it.
  package let file: ByteString
  package let bytes: [UInt8]
  /// Found once, since ten thousand rules each ask for their line.
  private let lineStarts: [Int]

  package init(file: String, bytes: [UInt8]) {
    self.file = ByteString(file)
    self.bytes = bytes
    var lineStarts = [0]
    for (index, byte) in bytes.enumerated() where byte == 0x0A { lineStarts.append(index + 1) }
    self.lineStarts = lineStarts
  }

  package convenience init(file: String, text: String) {
    self.init(file: file, bytes: Array(text.utf8))
  }

  /// Where a line's bytes are, counted from 1, without its end; empty beyond the last one.
  func range(ofLine number: Int) -> Range<Int> {
    guard lineStarts.indices.contains(number - 1) else { return bytes.count..<bytes.count }
    let start = lineStarts[number - 1]
    var end = number < lineStarts.count ? lineStarts[number] - 1 : bytes.count
    if end > start, bytes[end - 1] == 0x0D { end -= 1 }
    return start..<end
  }

  func position(of offset: Int) -> Position {
    var low = 0
    var high = lineStarts.count
    while low + 1 < high {
      let middle = (low + high) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle }
    }
    return Position(line: low + 1, column: offset - lineStarts[low] + 1)
  }

  package func error(at position: Position, _ message: String) -> Diagnostic {
    Diagnostic(.error, position: position, message: message, in: self)
  }

  package func warning(
    at position: Position, isOfSecurity: Bool = false, _ message: String
  ) -> Diagnostic {
    Diagnostic(.warning, position: position, message: message, isOfSecurity: isOfSecurity, in: self)
  }
}
