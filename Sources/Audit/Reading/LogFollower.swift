// A log that is being written, read as it grows.
import Glibc

/// Hands out whole lines as they come, over rotation, renaming and truncation: when the name leads to
/// another file, the old one is read to its end first, and then those that came between the two.
package final class LogFollower {
  /// What lies between two lines that were handed out one after the other.
  package enum Break: Sendable, Equatable {
    /// These numbers are in no file any more.
    case missing(ClosedRange<UInt64>)
    /// The file is not of the log that was read so far.
    case anew
  }

  private let path: String
  private var source: LogSource?
  /// The number of the last record that was read.
  private var last: UInt64?

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
    try seek(source, toLast: max(lines, 1))
    // Read all the same: its number tells which file follows.
    if lines == 0 { _ = try read(source) { _, _ in } }
  }

  private func seek(_ source: LogSource, toLast lines: Int) throws(ReadingError) {
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
        if found == lines {
          lseek(file, off_t(start + index + 1), SEEK_SET)
          return
        }
      }
      end = start
    }
  }

  /// Hands out what has come since the last call, as `RecordStream` does, and what is missing before it. False when no
  /// line had.
  package func readOn(
    breaks: (Break) -> Void = { _ in }, _ body: (_ line: Span<UInt8>, _ length: Int) -> Void
  ) throws(ReadingError) -> Bool {
    guard let source else { return false }
    if try read(source, body) { return true }
    guard let found = FileStatus(of: path) else { return false }
    if found.identity != source.identity {
      // The writer may have written to the old file until just before it took the new one.
      if try read(source, body) { return true }
      guard let next = try successor(of: source) else { return false }
      self.source = next.source
      if next.break == .anew { last = nil }
      if let gap = next.break { breaks(gap) }
      return try read(next.source, body)
    }
    if found.size < lseek(source.file.number, 0, SEEK_CUR) { source.rewind() }
    return false
  }

  /// Waits for a moment in which something may come.
  package func pause() { poll(nil, 0, AuditLimits.followMilliseconds) }

  /// The file that goes on where this one ended, which may have been rotated away itself since; or the one that is nearest
  /// to it. Nil as long as the live file has no line to tell it by.
  private func successor(
    of ended: LogSource
  ) throws(ReadingError) -> (source: LogSource, break: Break?)? {
    guard let live = try? LogSource.open(path) else { return nil }
    guard let last else { return (live, nil) }
    let newest = try first(of: live)
    guard !newest.isEmpty else { return nil }
    // Not of this log, or not of any: the name leads to it, and nobody knows better.
    guard let number = newest.number, number > last else { return (live, .anew) }
    var (nearest, least) = (live, number)
    // By number: names tell the clock, which may have been set back. Where numbers are missing, what began before the file
    // that was read is left of an older log.
    let birth = Self.birth(of: ended)
    for name in LogName.allRotated(from: path) where least > last + 1 {
      guard let file = try? LogSource.open(name), file.identity != live.identity,
        file.isFile, let number = try first(of: file).number, last < number, number < least,
        number == last + 1 || birth.map({ $0 <= Self.birth(of: file) ?? $0 }) ?? true
      else { continue }
      (nearest, least) = (file, number)
    }
    return (nearest, least > last + 1 ? .missing(last + 1...least - 1) : nil)
  }

  /// When the first line was made, as it says itself.
  private static func birth(of source: LogSource) -> WallTime? {
    var head = [UInt8](repeating: 0, count: 42)
    guard unsafe pread(source.file.number, &head, head.count, 0) == head.count else { return nil }
    return WallTime(rfc3339: head[15..<42])
  }

  private func first(of source: LogSource) throws(ReadingError) -> (isEmpty: Bool, number: UInt64?) {
    var (isEmpty, number): (Bool, UInt64?) = (true, nil)
    do throws(VerificationError) {
      try source.peek { line in
        // One that is being written tells nothing yet.
        guard line.isTerminated else { return false }
        isEmpty = false
        number = LogLine(line)?.sequence
        return false
      }
    } catch {
      throw ReadingError(error, path: source.name)
    }
    return (isEmpty, number)
  }

  private func read(
    _ source: LogSource, _ body: (_ line: Span<UInt8>, _ length: Int) -> Void
  ) throws(ReadingError) -> Bool {
    var hasRead = false
    do throws(VerificationError) {
      try source.forEachLine(isGrowing: true) { line, _, excess in
        hasRead = true
        if excess == 0, let number = LogLine(line)?.sequence { last = number }
        RecordStream.cut(line, excess, body)
        return true
      }
    } catch {
      throw ReadingError(error, path: path)
    }
    return hasRead
  }
}
