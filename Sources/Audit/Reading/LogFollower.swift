// A log that is being written, read as it grows.
import Glibc

/// Hands out whole lines as they come, over rotation, renaming and truncation: when the name leads to
/// another file, the old one is read to its end first.
package final class LogFollower {
  private let path: String
  private var descriptor = Descriptor.none
  private var identity: FileStatus.Identity?
  private var splitter = LineSplitter()

  package init(_ path: String) { self.path = path }

  /// Opens the file with all that is in it still to be read.
  package func open() throws(ReadingError) {
    let number = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { throw .cannotRead(path: path, code: errno) }
    descriptor = Descriptor(owning: number)
    splitter = LineSplitter()
    identity = descriptor.status()?.identity
  }

  /// Opens the file with its last `lines` lines still to be read. It is searched from its end, so that it does not
  /// matter how long it is.
  package func open(atLast lines: Int) throws(ReadingError) {
    try open()
    guard let status = descriptor.status(), status.isRegular else { return }
    var chunk = [UInt8](repeating: 0, count: AuditLimits.readChunkBytes)
    var (end, found) = (status.size, 0)
    while end > 0 {
      let start = max(0, end - chunk.count)
      let count = unsafe pread(descriptor.number, &chunk, end - start, off_t(start))
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .cannotRead(path: path, code: errno) }
      // Cut off in the meantime: from the beginning, then.
      guard count == end - start else { break }
      for index in stride(from: count - 1, through: 0, by: -1) where chunk[index] == UInt8(ascii: "\n") {
        // The newline that ends the file ends its last line and begins none.
        if start + index == status.size - 1 { continue }
        found += 1
        if found == max(lines, 1) {
          lseek(descriptor.number, off_t(lines == 0 ? status.size : start + index + 1), SEEK_SET)
          return
        }
      }
      end = start
    }
    if lines == 0 { lseek(descriptor.number, off_t(status.size), SEEK_SET) }
  }

  /// Hands out what has come since the last call, as `RecordStream` does. False when nothing had.
  package func readOn(_ body: (_ line: Span<UInt8>, _ length: Int) -> Void) throws(ReadingError) -> Bool {
    if try readRest(body) { return true }
    guard let found = FileStatus(of: path) else { return false }
    if found.identity != identity {
      // The writer may have written to the old file until just before it took the new one.
      if try readRest(body) { return true }
      try open()
      return try readRest(body)
    }
    if found.size < lseek(descriptor.number, 0, SEEK_CUR) {
      lseek(descriptor.number, 0, SEEK_SET)
      splitter = LineSplitter()
    }
    return false
  }

  /// Waits for a moment in which something may come.
  package func pause() { poll(nil, 0, AuditLimits.followMilliseconds) }

  private func readRest(
    _ body: (_ line: Span<UInt8>, _ length: Int) -> Void
  ) throws(ReadingError) -> Bool {
    var chunk = [UInt8](repeating: 0, count: AuditLimits.readChunkBytes)
    var hasRead = false
    while true {
      let count = unsafe read(descriptor.number, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .cannotRead(path: path, code: errno) }
      guard count > 0 else { return hasRead }
      hasRead = true
      _ = splitter.read(chunk.span.extracting(0..<count)) { line, length in
        body(line, length)
        return true
      }
    }
  }
}
