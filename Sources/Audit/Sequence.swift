// The numbers that the lines of one log carry.

/// Closes open lines in the order they come. A value: a failed write is undone by going back to the copy
/// from before it.
struct Sequence: Sendable {
  /// The number of the last line closed; the first line of a log has 1.
  private(set) var last: UInt64

  init(last: UInt64) { self.last = last }

  /// Appends `line` to `output` with what only the journal knows, and ends it.
  mutating func close(_ line: Span<UInt8>, appendingTo output: inout [UInt8]) {
    last += 1
    unsafe line.withUnsafeBufferPointer { unsafe output.append(contentsOf: $0) }
    output.append(contentsOf: #","seq":"#.utf8)
    appendDigits(last, to: &output)
    output.append(UInt8(ascii: "}"))
    output.append(UInt8(ascii: "\n"))
  }

  private func appendDigits(_ value: UInt64, to output: inout [UInt8]) {
    let first = output.count
    var rest = value
    repeat {
      output.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    output[first...].reverse()
  }
}
