// The time of day, for records, validity and `Date`; never for deadlines.

internal import Glibc

package enum WallClock {
  /// Seconds since 1970, UTC.
  package static var seconds: Int64 { Int64(now.tv_sec) }

  /// Nanoseconds since 1970, UTC.
  package static var nanoseconds: Int64 { Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec) }

  private static var now: timespec {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return time
  }
}
