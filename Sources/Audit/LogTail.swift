// Where a log stands that a former run has left.
import Digests
import Glibc

/// The end of a log file as the writer needs it. What it cannot make sense of it refuses to add to: a
/// wrong path in the configuration should not grow somebody else's file.
struct LogTail: Equatable {
  var chain = Chain.beginning
  /// Bytes of unfinished lines behind the last whole one.
  var tornBytes = 0
  /// True when the very last byte is not a newline.
  var endsInsideLine = false

  static func read(_ path: String) throws(AuditError) -> LogTail {
    var number: Int32
    repeat {
      number = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    } while number < 0 && errno == EINTR
    guard number >= 0 else {
      if errno == ENOENT { return LogTail() }
      throw .cannotOpen(path: path, code: errno)
    }
    let file = Descriptor(owning: number)
    let size = lseek(number, 0, SEEK_END)
    let count = min(size, AuditLimits.tailBytes)
    var bytes = [UInt8](repeating: 0, count: max(count, 0))
    var filled = 0
    while filled < count {
      let result = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe pread(
          file.number, buffer.baseAddress?.advanced(by: filled), count - filled, size - count + filled)
      }
      if result > 0 {
        filled += result
      } else if result == 0 || errno != EINTR {
        throw .cannotOpen(path: path, code: result == 0 ? EIO : errno)
      }
    }
    guard let tail = LogTail(parsing: bytes, isWholeFile: count == size) else {
      throw .notAuditLog(path: path)
    }
    return tail
  }

  init() {}

  /// Nil when there is no whole line of a log in it, nor the beginning of a first one.
  init?(parsing bytes: [UInt8], isWholeFile: Bool) {
    endsInsideLine = bytes.last.map { $0 != UInt8(ascii: "\n") } ?? false
    var end = bytes.count
    while end > 0 {
      let isTerminated = bytes[end - 1] == UInt8(ascii: "\n")
      let contentEnd = isTerminated ? end - 1 : end
      let start = (bytes[..<contentEnd].lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
      if let sequence = Self.sequence(of: bytes[start..<contentEnd]) {
        // Only the last can lack its newline. It gets one, and is a line like any other.
        let line = bytes[start..<contentEnd] + [UInt8(ascii: "\n")]
        chain = Chain(last: sequence, link: SHA256.digest(of: line.span))
        return
      }
      tornBytes += contentEnd - start
      end = start
    }
    // No whole line at all: an empty file, or a first run that crashed in its first line.
    let firstLine = #"{"created_at":""#.utf8
    guard isWholeFile, bytes.prefix(firstLine.count).elementsEqual(firstLine.prefix(bytes.count)) else {
      return nil
    }
  }

  /// The number of a line that ends as `Chain` ends lines.
  private static func sequence(of line: ArraySlice<UInt8>) -> UInt64? {
    let previous = Array(#","previous":""#.utf8)
    let suffixCount = previous.count + 2 * SHA256Digest.byteCount + 2
    guard line.count > suffixCount, line.suffix(2).elementsEqual("\"}".utf8) else { return nil }
    let suffixStart = line.endIndex - suffixCount
    guard line[suffixStart...].starts(with: previous) else { return nil }
    var start = suffixStart
    while start > line.startIndex, 48...57 ~= line[start - 1] { start -= 1 }
    guard line[..<start].suffix(7).elementsEqual(#","seq":"#.utf8) else { return nil }
    return UInt64(String(decoding: line[start..<suffixStart], as: UTF8.self))
  }
}
