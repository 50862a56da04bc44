// The time of day, for records, validity and `Date`.

internal import Glibc

package enum WallClock {
  /// Seconds since 1970, UTC.
  package static var seconds: Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec)
  }
}
