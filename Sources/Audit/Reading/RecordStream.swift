// The lines of a file, a pipe or standard input, read once and from front to back.
import Glibc

package enum ReadingError: Error, Sendable, Equatable {
  case cannotRead(path: String, code: Int32)
  case compressed(path: String)
}

extension ReadingError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .cannotRead(let path, let code): "cannot read \(path.debugDescription): \(systemMessage(code))"
    case .compressed(let path):
      "\(path.debugDescription) is compressed: give it as `gzip -dc FILE | peergate … -`"
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
    let isInput = path.utf8.elementsEqual(standardInput.utf8)
    let number = isInput ? dup(STDIN_FILENO) : unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { throw .cannotRead(path: path, code: errno) }
    let file = Descriptor(owning: number)
    var chunk = [UInt8](repeating: 0, count: AuditLimits.readChunkBytes)
    var splitter = LineSplitter()
    var lines = 0
    var isFirst = true
    while true {
      let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(file.number, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .cannotRead(path: path, code: errno) }
      if count == 0 { break }
      // RFC 1952, section 2.3.1: no JSON begins like that.
      if isFirst, count >= 2, chunk[0] == 0x1F, chunk[1] == 0x8B { throw .compressed(path: path) }
      isFirst = false
      everyChunk(chunk.span.extracting(0..<count))
      let goesOn = splitter.read(chunk.span.extracting(0..<count)) { line, length in
        lines += 1
        return body(line, length, lines)
      }
      if !goesOn { return }
    }
    _ = splitter.finish { body($0, $1, lines + 1) }
  }
}
