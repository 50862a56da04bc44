// Times as people write them.
import Bytes
import Testing

@testable import Audit

struct PeriodTests {
  /// 2026-01-02T03:04:05.678901Z.
  private static let now = WallTime(microseconds: 1_767_323_045_678_901)
  private let reader = PeriodReader(now: Self.now)

  private func text(_ time: WallTime?) -> String? {
    time.map { time in
      var formatter = TimestampFormatter()
      formatter.format(time)
      return String(decoding: formatter.text, as: UTF8.self)
    }
  }

  @Test(
    arguments: [
      ("90s", 90), ("15m", 900), ("1h", 3_600), ("7d", 604_800), ("2w", 1_209_600), ("1h30m", 5_400),
      ("1w2d3h4m5s", 788_645), ("0s", 0), ("", nil), ("h", nil), ("-1h", nil), ("1h1h", nil), ("30m1h", nil),
      ("1", nil), ("1y", nil), ("1h ", nil), ("1.5h", nil), ("36525d", 3_155_760_000), ("36526d", nil),
      ("9999999999w", nil), ("99999999999s", nil),
    ] as [(String, Int64?)])
  func `durations have each unit once, the larger first, and at most a century`(text: String, seconds: Int64?)
  {
    #expect(PeriodReader.seconds(Array(text.utf8)[...]) == seconds)
  }

  @Test(
    arguments: [
      ("90s", "2026-01-02T03:02:35.678901Z"), ("1h30m", "2026-01-02T01:34:05.678901Z"),
      ("2w", "2025-12-19T03:04:05.678901Z"), ("now", "2026-01-02T03:04:05.678901Z"),
      ("2026", "2026-01-01T00:00:00.000000Z"), ("2026-02", "2026-02-01T00:00:00.000000Z"),
      ("2026-01-02", "2026-01-02T00:00:00.000000Z"), ("2026-01-02T03", "2026-01-02T03:00:00.000000Z"),
      ("2026-01-02 03:04", "2026-01-02T03:04:00.000000Z"),
      ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05.000000Z"),
      ("2026-01-02T03:04:05.5Z", "2026-01-02T03:04:05.500000Z"),
      ("2026-01-02T03:04:05+02:00", "2026-01-02T01:04:05.000000Z"),
      ("2026-01-02T00:30-0530", "2026-01-02T06:00:00.000000Z"),
      ("2026-01-01T00:30+02:00", "2025-12-31T22:30:00.000000Z"),
    ])
  func `dates, times, offsets and periods back are instants`(text: String, expected: String) {
    #expect(self.text(reader.start(ByteString(text))) == expected)
  }

  @Test(arguments: [
    "", "yesterday", "2026/01/02", "2026-13", "2026-02-29", "2026-01-02T24", "2026-01-02T03:60",
    "2026-01-02T03:04:60", "2026-01-02T03:04:05.Z", "2026-01-02T03:04:05.1234567Z", "2026-01-02Z", "1969",
    "2026-01-02T03:04+24:00", "2026-01-02T03:04+2:00", "2026-01-02T03:04+02:60", "2026-01-02T", "26-01-02",
    "2026-1-2", "..", "2026-01-02+02:00",
  ])
  func `whatever else is no instant`(text: String) {
    #expect(reader.start(ByteString(text)) == nil)
  }

  @Test(
    arguments: [
      ("2024-02-29", "2024-02-29T00:00:00.000000Z", "2024-03-01T00:00:00.000000Z"),
      ("2026-12", "2026-12-01T00:00:00.000000Z", "2027-01-01T00:00:00.000000Z"),
      ("2026", "2026-01-01T00:00:00.000000Z", "2027-01-01T00:00:00.000000Z"),
      ("2026-01-02T23", "2026-01-02T23:00:00.000000Z", "2026-01-03T00:00:00.000000Z"),
      ("2026-01-02..2026-01-05", "2026-01-02T00:00:00.000000Z", "2026-01-06T00:00:00.000000Z"),
      ("2h..1h", "2026-01-02T01:04:05.678901Z", "2026-01-02T02:04:05.678901Z"),
      ("..2026-01", nil, "2026-02-01T00:00:00.000000Z"), ("2026-01-02..", "2026-01-02T00:00:00.000000Z", nil),
    ] as [(String, String?, String?)])
  func `a date is all of it, and a range reaches to the end of its last`(
    range: String, start: String?, end: String?
  ) throws {
    let period = try #require(reader.period(ByteString(range)))
    #expect(text(period.start) == start && text(period.end) == end)
  }

  @Test(arguments: ["", "..", "1h", "now", "1h..2h", "2026-02..2026-01", "a..b", "2026..2027..2028"])
  func `a range that is none is refused`(text: String) {
    #expect(reader.period(ByteString(text)) == nil)
  }

  @Test func `two periods have in common what both have`() {
    let (one, two) = (WallTime(microseconds: 1), WallTime(microseconds: 2))
    #expect(Period(start: one).intersection(Period(end: two)) == Period(start: one, end: two))
    #expect(
      Period(start: one, end: two).intersection(Period(start: two, end: one)) == Period(start: two, end: one))
    #expect(Period(start: one, end: two).contains(one) && !Period(start: one, end: two).contains(two))
  }
}
