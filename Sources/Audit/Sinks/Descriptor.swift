// One open file, closed once, and written to the end.
import Glibc

struct Descriptor: ~Copyable, Sendable {
  let number: Int32

  init(owning number: Int32) { self.number = number }

  /// No open file at all, for a sink between two connections.
  static var none: Descriptor { Descriptor(owning: -1) }

  deinit { if isOpen { close(number) } }

  var isOpen: Bool { number >= 0 }

  /// Hands the open file over to the caller, who closes it.
  consuming func release() -> Int32 {
    let number = number
    discard self
    return number
  }

  /// How far a write got.
  struct Written {
    let bytes: Int
    /// Nil when that was all of them.
    let code: Int32?
  }

  /// Writes all of `bytes`, waiting as long as the kernel lets it; gives up between two tries once
  /// `isAbandoned` says so.
  borrowing func write(_ bytes: Span<UInt8>, isAbandoned: () -> Bool) -> Written {
    var written = 0
    while written < bytes.count {
      let result = unsafe bytes.extracting(written...).withUnsafeBytes { rest in
        unsafe Glibc.write(number, rest.baseAddress, rest.count)
      }
      if result > 0 {
        written += result
      } else if result == 0 {
        // Not defined for what we write to; repeating it would spin.
        return Written(bytes: written, code: EIO)
      } else if errno == EAGAIN {
        guard !isAbandoned() else { return Written(bytes: written, code: EAGAIN) }
        _ = isReady(for: Int16(POLLOUT), withinMilliseconds: AuditLimits.abandonmentCheckMilliseconds)
      } else if errno != EINTR {
        return Written(bytes: written, code: errno)
      }
    }
    return Written(bytes: written, code: nil)
  }

  /// Waits until the disk has what was written; the error's code, or nil.
  borrowing func sync() -> Int32? {
    while fdatasync(number) != 0 {
      if errno != EINTR { return errno }
    }
    return nil
  }

  /// Waits for one of `events`, an error or a hang-up; false when none came in time.
  borrowing func isReady(for events: Int16, withinMilliseconds milliseconds: Int32) -> Bool {
    var waiting = pollfd(fd: number, events: events, revents: 0)
    return unsafe poll(&waiting, 1, milliseconds) > 0
  }

  /// For sockets: whether the other end has closed, which reading shows and writing does not.
  var isAtEnd: Bool {
    var byte: UInt8 = 0
    return unsafe recv(number, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT)) == 0
  }

  borrowing func status() -> FileStatus? { FileStatus(of: self) }
}
