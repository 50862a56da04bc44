// The instant by which an await must end.

internal import Glibc

/// A point on the monotonic clock, in nanoseconds. Every await that a peer controls takes one.
package struct Deadline: Sendable, Comparable {
  package let nanoseconds: UInt64

  package init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

  /// No end at all. For waits that only our own side can prolong.
  package static let never = Deadline(nanoseconds: .max)

  package static var now: Deadline {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Deadline(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
  }

  package static func after(_ duration: Duration) -> Deadline { now.advanced(by: duration) }

  package func advanced(by duration: Duration) -> Deadline {
    let (sum, overflow) = nanoseconds.addingReportingOverflow(duration.wholeNanoseconds)
    return overflow ? .never : Deadline(nanoseconds: sum)
  }

  /// How long until `later`; zero if that has passed.
  package func distance(to later: Deadline) -> UInt64 {
    later.nanoseconds > nanoseconds ? later.nanoseconds - nanoseconds : 0
  }

  package static func < (left: Deadline, right: Deadline) -> Bool { left.nanoseconds < right.nanoseconds }
}

extension Duration {
  /// Negative durations count as none.
  package var wholeNanoseconds: UInt64 {
    let attoseconds = attoseconds
    // Up to 18 seconds fit into one word, and dividing a word by a constant is a multiplication.
    if let word = UInt64(exactly: attoseconds) { return word / 1_000_000_000 }
    return attoseconds < 0 ? 0 : UInt64(clamping: attoseconds / 1_000_000_000)
  }
}
