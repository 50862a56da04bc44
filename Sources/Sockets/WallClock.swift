// The time of day, for records, validity and `Date`; never for deadlines.

internal import Glibc

package enum WallClock {
  /// Seconds since 1970, UTC. As of the kernel's last tick, which is a few milliseconds ago at most: that costs a
  /// fifth, and anyone who asks for seconds asks for every request.
  package static var seconds: Int64 { Int64(read(CLOCK_REALTIME_COARSE).tv_sec) }

  /// Nanoseconds since 1970, UTC.
  package static var nanoseconds: Int64 {
    let now = read(CLOCK_REALTIME)
    return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
  }

  private static func read(_ clock: clockid_t) -> timespec {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return time
  }
}
