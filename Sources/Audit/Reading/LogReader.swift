// The lines of log files, as fast as they can be read.
import Glibc

package enum VerificationError: Error, Sendable, Equatable {
  case cannotRead(path: String, code: Int32)
  case lineTooLong(path: String, line: Int, bytes: Int)
  case noFiles
}

extension VerificationError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .cannotRead(let path, let code): "cannot read \(path.debugDescription): \(systemMessage(code))"
    case .lineTooLong(let path, let line, let bytes):
      "\(path):\(line) is longer than \(bytes) bytes; no line of an audit log is"
    case .noFiles: "name the files of the audit log"
    }
  }
}

package enum LogReader {
  /// Hands out every line of the file with its newline, then what is left without one. Stops early when
  /// `body` returns false.
  package static func forEachLine(
    of path: String, _ body: (_ line: Span<UInt8>, _ number: Int) -> Bool
  ) throws(VerificationError) {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .cannotRead(path: path, code: errno) }
    defer { close(file) }
    var buffer = [UInt8](repeating: 0, count: AuditLimits.verifiedChunkBytes)
    var filled = 0
    var number = 0
    while true {
      guard filled < buffer.count else {
        throw .lineTooLong(path: path, line: number + 1, bytes: buffer.count)
      }
      let count = unsafe buffer.withUnsafeMutableBytes { space in
        unsafe read(file, space.baseAddress?.advanced(by: filled), space.count - filled)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .cannotRead(path: path, code: errno) }
      filled += count
      var start = 0
      while let end = newline(in: buffer.span.extracting(start..<filled)) {
        number += 1
        guard body(buffer.span.extracting(start..<start + end + 1), number) else { return }
        start += end + 1
      }
      if count == 0 {
        if start < filled { _ = body(buffer.span.extracting(start..<filled), number + 1) }
        return
      }
      buffer.replaceSubrange(0..<filled - start, with: Array(buffer[start..<filled]))
      filled -= start
    }
  }

  /// By memchr: a loop over single bytes would cost as much as the digest.
  private static func newline(in bytes: Span<UInt8>) -> Int? {
    unsafe bytes.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress, let found = unsafe memchr(base, 10, bytes.count) else { return nil }
      return unsafe UnsafeRawPointer(found) - base
    }
  }
}
