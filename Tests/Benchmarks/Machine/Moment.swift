// Seconds on the monotonic clock, and waiting for other processes.

import Glibc
import Sockets

enum Moment {
  static var now: Double { Double(Deadline.now.nanoseconds) / 1_000_000_000 }

  static func pause(milliseconds: Int) {
    var time = timespec(tv_sec: milliseconds / 1_000, tv_nsec: milliseconds % 1_000 * 1_000_000)
    unsafe nanosleep(&time, nil)
  }
}
