// The zone of the reader.
import Bytes
import Glibc

/// The C library's idea of it: the environment variable TZ, or the system's zone.
enum LocalTime {
  /// Seconds since 1970 of a civil time there. Of an hour that comes twice in autumn the first, so that a period which
  /// begins there leaves nothing out.
  static func seconds(_ time: CivilTime) -> Int64? {
    guard let chosen = instant(time, daylight: -1) else { return nil }
    let both = [chosen, instant(time, daylight: 1), instant(time, daylight: 0)].compactMap { $0 }
    return both.filter(\.isAsAsked).map(\.seconds).min() ?? chosen.seconds
  }

  /// With -1 the C library chooses; with a wrong choice of ours it moves the hour, which shows.
  private static func instant(_ time: CivilTime, daylight: Int32) -> (seconds: Int64, isAsAsked: Bool)? {
    var fields = unsafe tm()
    unsafe fields.tm_year = Int32(time.year - 1900)
    unsafe fields.tm_mon = Int32(time.month - 1)
    unsafe fields.tm_mday = Int32(time.day)
    unsafe fields.tm_hour = Int32(time.hour)
    unsafe fields.tm_min = Int32(time.minute)
    unsafe fields.tm_sec = Int32(time.second)
    unsafe fields.tm_isdst = daylight
    let seconds = unsafe mktime(&fields)
    guard seconds != -1 else { return nil }
    return unsafe (Int64(seconds), fields.tm_hour == Int32(time.hour) && fields.tm_min == Int32(time.minute))
  }

  /// `2026-01-02T04:04:05+01:00`.
  static func text(_ time: WallTime) -> ByteString {
    var seconds = time_t(time.microseconds / 1_000_000)
    var fields = unsafe tm()
    guard unsafe localtime_r(&seconds, &fields) != nil else { return "" }
    func padded(_ value: Int, _ width: Int) -> String {
      String(repeating: "0", count: max(0, width - "\(value)".utf8.count)) + "\(value)"
    }
    let offset = unsafe Int(fields.tm_gmtoff) / 60
    let date = unsafe [
      padded(Int(fields.tm_year) + 1900, 4), padded(Int(fields.tm_mon) + 1, 2),
      padded(Int(fields.tm_mday), 2),
    ].joined(separator: "-")
    let clock = unsafe [fields.tm_hour, fields.tm_min, fields.tm_sec].map { padded(Int($0), 2) }
      .joined(separator: ":")
    let zone = (offset < 0 ? "-" : "+") + padded(abs(offset) / 60, 2) + ":" + padded(abs(offset) % 60, 2)
    return ByteString("\(date)T\(clock)\(zone)")
  }
}
