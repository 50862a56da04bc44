// A log that is being written, read as it grows.
import Glibc

/// Hands out whole lines as they come, over rotation, renaming and truncation: when the name leads to
/// another file, the old one is read to its end first.
package final class LogFollower {
  private let path: String
  private var source: LogSource?

  package init(_ path: String) { self.path = path }

  /// Opens the file with all that is in it still to be read.
  package func open() throws(ReadingError) { _ = try newSource() }

  private func newSource() throws(ReadingError) -> LogSource {
    do throws(VerificationError) {
      let source = try LogSource.open(path)
      self.source = source
      return source
    } catch {
      throw ReadingError(error, path: path)
    }
  }

  /// Opens the file with its last `lines` lines still to be read. It is searched from its end, so that it does not
  /// matter how long it is.
  package func open(atLast lines: Int) throws(ReadingError) {
    let source = try newSource()
    let file = source.file.number
    guard let status = source.file.status(), status.isRegular else { return }
    var chunk = [UInt8](repeating: 0, count: AuditLimits.readBytes)
    var (end, found) = (status.size, 0)
    while end > 0 {
      let start = max(0, end - chunk.count)
      let count = unsafe pread(file, &chunk, end - start, off_t(start))
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .cannotRead(path: path, code: errno) }
      // Cut off in the meantime: from the beginning, then.
      guard count == end - start else { break }
      for index in stride(from: count - 1, through: 0, by: -1) where chunk[index] == UInt8(ascii: "\n") {
        // The newline that ends the file ends its last line and begins none.
        if start + index == status.size - 1 { continue }
        found += 1
        if found == max(lines, 1) {
          lseek(file, off_t(lines == 0 ? status.size : start + index + 1), SEEK_SET)
          return
        }
      }
      end = start
    }
    if lines == 0 { lseek(file, off_t(status.size), SEEK_SET) }
  }

  /// Hands out what has come since the last call, as `RecordStream` does. False when no line had.
  package func readOn(_ body: (_ line: Span<UInt8>, _ length: Int) -> Void) throws(ReadingError) -> Bool {
    guard let source else { return false }
    if try read(source, body) { return true }
    guard let found = FileStatus(of: path) else { return false }
    if found.identity != source.identity {
      // The writer may have written to the old file until just before it took the new one.
      if try read(source, body) { return true }
      return try read(newSource(), body)
    }
    if found.size < lseek(source.file.number, 0, SEEK_CUR) { source.rewind() }
    return false
  }

  /// Waits for a moment in which something may come.
  package func pause() { poll(nil, 0, AuditLimits.followMilliseconds) }

  private func read(
    _ source: LogSource, _ body: (_ line: Span<UInt8>, _ length: Int) -> Void
  ) throws(ReadingError) -> Bool {
    var hasRead = false
    do throws(VerificationError) {
      try source.forEachLine(isGrowing: true) { line, _, excess in
        hasRead = true
        RecordStream.cut(line, excess, body)
        return true
      }
    } catch {
      throw ReadingError(error, path: path)
    }
    return hasRead
  }
}
