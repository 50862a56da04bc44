// The file, pipe or terminal that the lines go to.
import Glibc

/// An open sink of bytes that never keeps half a line in the middle: what was written in part is cut off
/// again, or, where nothing can be cut (a pipe, a terminal), closed off with a newline before the next line.
struct JournalFile: ~Copyable {
  /// What an attempt to write came to.
  struct Attempt {
    /// Bytes that the kernel took.
    let written: Int
    /// Nil when that was all of them.
    let code: Int32?
  }

  let path: String
  private let descriptor: Descriptor
  let isRegular: Bool
  /// True while the last byte taken is inside a line.
  private(set) var endsInsideLine = false

  private init(path: String, descriptor: consuming Descriptor, isRegular: Bool) {
    self.path = path
    self.descriptor = descriptor
    self.isRegular = isRegular
  }

  /// Opens `path` for appending, creates it with mode 0600 when it is missing, and locks it.
  ///
  /// Pipes are opened without waiting for a reader and written without blocking, so that a journal on a
  /// stuck pipe can still be closed.
  static func open(_ path: String) throws(AuditError) -> JournalFile {
    let descriptor = Descriptor(owning: try openDescriptor(path))
    var status = stat()
    guard unsafe fstat(descriptor.number, &status) == 0 else {
      throw .cannotOpen(path: path, code: errno)
    }
    let kind = status.st_mode & S_IFMT
    guard kind != S_IFDIR else { throw .isDirectory(path: path) }
    // A second writer would interleave its own sequence. The lock belongs to the open file and goes with it.
    if kind == S_IFREG, flock(descriptor.number, LOCK_EX | LOCK_NB) != 0 {
      throw .inUse(path: path)
    }
    return JournalFile(path: path, descriptor: descriptor, isRegular: kind == S_IFREG)
  }

  private static func openDescriptor(_ path: String) throws(AuditError) -> Int32 {
    // Devices are left alone: /dev/stdout is a symbolic link by design.
    let isDevice = path.hasPrefix("/dev/") || path.hasPrefix("/proc/")
    let flags =
      O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | (isDevice ? 0 : O_NOFOLLOW)
    while true {
      let number = unsafe Glibc.open(path, flags, 0o600)
      if number >= 0 { return number }
      switch errno {
      case EINTR: continue
      case EISDIR: throw .isDirectory(path: path)
      case ENOENT: throw .parentMissing(path: path)
      case ELOOP: throw .isSymbolicLink(path: path)
      case ENXIO where isDevice:
        // Standard output is a socket (as under systemd), which cannot be opened a second time by name.
        return try duplicateStandardOutput(path)
      case ENXIO: throw .nobodyReads(path: path)
      case let code: throw .cannotOpen(path: path, code: code)
      }
    }
  }

  private static func duplicateStandardOutput(_ path: String) throws(AuditError) -> Int32 {
    guard path == "/dev/stdout" else { throw .cannotOpen(path: path, code: ENXIO) }
    let number = dup(STDOUT_FILENO)
    guard number >= 0 else { throw .cannotOpen(path: path, code: errno) }
    return number
  }

  /// Writes all of `bytes`, waiting as long as the kernel lets it; gives up between two attempts once
  /// `isAbandoned` says so.
  mutating func append(_ bytes: [UInt8], isAbandoned: () -> Bool) -> Attempt {
    var written = 0
    while written < bytes.count {
      let result = unsafe bytes.withUnsafeBytes { buffer in
        guard let base = buffer.baseAddress else { return 0 }
        return unsafe Glibc.write(descriptor.number, base + written, buffer.count - written)
      }
      if result > 0 {
        written += result
      } else if result == 0 {
        // Not defined for files; repeating it would spin.
        return Attempt(written: written, code: EIO)
      } else if errno == EAGAIN {
        guard !isAbandoned() else { return Attempt(written: written, code: EAGAIN) }
        var waiting = pollfd(fd: descriptor.number, events: Int16(POLLOUT), revents: 0)
        unsafe poll(&waiting, 1, AuditLimits.abandonmentCheckMilliseconds)
      } else if errno != EINTR {
        return Attempt(written: written, code: errno)
      }
    }
    return Attempt(written: written, code: nil)
  }

  /// Takes back what a failed attempt wrote behind its first `kept` bytes, which end with a whole line.
  /// False where that is impossible: then it stays.
  func takeBack(_ attempt: Attempt, keeping kept: Int) -> Bool {
    attempt.written == kept || (isRegular && cut(attempt.written - kept))
  }

  mutating func leftInsideLine(_ isInside: Bool) { endsInsideLine = isInside }

  mutating func closedOffLine() { endsInsideLine = false }

  /// Shortens the file by `count` bytes. The lock makes this file's end ours, but for whoever ignores it;
  /// nothing can be done against those, and the sequence numbers will show it.
  private func cut(_ count: Int) -> Bool {
    var status = stat()
    guard unsafe fstat(descriptor.number, &status) == 0, status.st_size >= count else { return false }
    var result: Int32
    repeat {
      result = ftruncate(descriptor.number, status.st_size - count)
    } while result != 0 && errno == EINTR
    return result == 0
  }
}
