// The lines of a file, a pipe or standard input as they are read for people.
package enum ReadingError: Error, Sendable, Equatable {
  case cannotRead(path: String, code: Int32)
  case compressed(path: String)
  /// It was rotated away and is under none of the names that a rotation gives.
  case moved(path: String)

  /// Nothing else goes wrong where lines are read and not checked.
  init(_ error: VerificationError, path: String) {
    switch error {
    case .compressed(let path): self = .compressed(path: path)
    case .keepsMoving(let path): self = .moved(path: path)
    case .cannotRead(let path, let code): self = .cannotRead(path: path, code: code)
    default: self = .cannotRead(path: path, code: 0)
    }
  }
}

extension ReadingError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .cannotRead(let path, let code): "cannot read \(path.debugDescription): \(systemMessage(code))"
    case .compressed(let path):
      "\(path.debugDescription) is compressed: give it as `gzip -dc FILE | peergate … -`"
    case .moved(let path): "\(path.debugDescription) became another file while it was read; try again"
    }
  }
}

package enum RecordStream {
  /// The name that stands for standard input.
  package static let standardInput = "-"

  /// Hands out each line without its newline, with its number from 1. Where `length` exceeds what the span holds, the
  /// rest was passed over. Every byte of the file also passes `everyChunk`, so that a digest needs no second look.
  /// Stops early when `body` returns false.
  package static func forEachLine(
    of path: String, everyChunk: (Span<UInt8>) -> Void = { _ in },
    _ body: (_ line: Span<UInt8>, _ length: Int, _ number: Int) -> Bool
  ) throws(ReadingError) {
    do throws(VerificationError) {
      try forEachLine(of: LogSource.open(path), everyChunk: everyChunk, body)
    } catch {
      throw ReadingError(error, path: path)
    }
  }

  static func forEachLine(
    of source: LogSource, everyChunk: (Span<UInt8>) -> Void,
    _ body: (_ line: Span<UInt8>, _ length: Int, _ number: Int) -> Bool
  ) throws(VerificationError) {
    try source.forEachLine(everyChunk: everyChunk) { line, number, excess in
      cut(line, excess) { body($0, $1, number) }
    }
  }

  /// A line of a source without its newline, no more of it than is read for people, and its whole length.
  static func cut<Result>(
    _ line: Span<UInt8>, _ excess: Int, _ body: (_ line: Span<UInt8>, _ length: Int) -> Result
  ) -> Result {
    if excess > 0 { return body(line, AuditLimits.lineBytes + excess) }
    let length = line.count - (line.isTerminated ? 1 : 0)
    return body(line.extracting(..<min(length, AuditLimits.readLineBytes)), length)
  }
}
