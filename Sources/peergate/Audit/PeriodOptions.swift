// A period, from what the command line says of it.

import ArgumentParser
import Audit
import Bytes

enum PeriodOptions {
  static func period(
    since: String?, until: String?, during: String? = nil, isLocal: Bool = false
  ) throws -> Period {
    let reader = PeriodReader(now: .now(), isLocal: isLocal)
    func instant(_ text: String?, _ option: String) throws -> WallTime? {
      guard let text else { return nil }
      guard let instant = reader.start(ByteString(text)) else {
        throw ValidationError(
          "\(option) takes a period such as 90s, 1h30m, 7d, 2w, or a date or time such as "
            + "2026-01-02T03:04:05+01:00")
      }
      return instant
    }
    let bounds = Period(start: try instant(since, "--since"), end: try instant(until, "--until"))
    guard let during else { return try checked(bounds) }
    guard let period = reader.period(ByteString(during)) else {
      throw ValidationError(
        "--during takes a date or time such as 2026-01-02 or 2026-01-02T15, or two as in 2026-01-02..2026-01-05"
      )
    }
    return try checked(period.intersection(bounds))
  }

  /// Nothing is found in a period that ends before it begins, which would look like an answer.
  private static func checked(_ period: Period) throws -> Period {
    if let start = period.start, let end = period.end, start >= end {
      throw ValidationError(
        "the period ends before it begins: give --since the earlier time and --until the later")
    }
    return period
  }
}
