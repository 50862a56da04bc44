// A log file, read from its end.
import CLinux
import Glibc

/// A file, read from its end. Zeros there are what a file system leaves of a write that a crash cut off.
struct LogEnd: ~Copyable {
  private let file: Descriptor
  private let path: String
  /// Where the last byte is that is not zero.
  private let size: Int
  let zeros: Int

  private init(_ file: consuming Descriptor, path: String, size: Int, zeros: Int) {
    self.file = file
    self.path = path
    self.size = size
    self.zeros = zeros
  }

  /// Nil when there is no file.
  static func open(_ path: String) throws(AuditError) -> LogEnd? {
    var number: Int32
    repeat {
      number = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    } while number < 0 && errno == EINTR
    guard number >= 0 else {
      if errno == ENOENT { return nil }
      throw .cannotOpen(path: path, code: errno)
    }
    let file = Descriptor(owning: number)
    let size = max(lseek(number, 0, SEEK_END), 0)
    var end = dataEnd(file, size)
    // What is longer is refused, and need not be read for that.
    while end > 0, size - end <= AuditLimits.zerosLeft {
      let start = max(end - AuditLimits.bytesPerWrite, 0)
      let bytes = try read(file, path, start..<end)
      if let last = bytes.lastIndex(where: { $0 != 0 }) {
        end = start + last + 1
        break
      }
      end = start
    }
    return LogEnd(file, path: path, size: end, zeros: size - end)
  }

  /// Where the last stretch ends that the file system keeps bytes of. Behind it are zeros that take no space, and there
  /// may be more of them than anybody can read.
  private static func dataEnd(_ file: borrowing Descriptor, _ size: Int) -> Int {
    // Linux, lseek(2): ENXIO when there are no bytes from there on.
    var (low, high) = (0, size)
    while low < high {
      let middle = low + (high - low) / 2
      if clinux_next_data(file.number, Int64(middle)) < 0, errno == ENXIO {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return high
  }

  /// The last `count` bytes before the zeros, and whether there are no more.
  func read(_ count: Int) throws(AuditError) -> (bytes: [UInt8], isWholeFile: Bool) {
    let start = max(size - count, 0)
    return (try Self.read(file, path, start..<size), start == 0)
  }

  private static func read(
    _ file: borrowing Descriptor, _ path: String, _ range: Range<Int>
  ) throws(AuditError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: range.count)
    var filled = 0
    while filled < bytes.count {
      let result = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe pread(
          file.number, buffer.baseAddress?.advanced(by: filled), range.count - filled,
          range.lowerBound + filled)
      }
      if result > 0 {
        filled += result
      } else if result == 0 || errno != EINTR {
        throw .cannotOpen(path: path, code: result == 0 ? EIO : errno)
      }
    }
    return bytes
  }
}
