// Timestamps against a calendar that is not ours.
import Foundation
import Testing

@testable import Audit

struct WallTimeTests {
  private func text(_ microseconds: Int64) -> String {
    var formatter = TimestampFormatter()
    formatter.format(WallTime(microseconds: microseconds))
    return String(decoding: formatter.text, as: UTF8.self)
  }

  @Test(
    arguments: [
      (0, "1970-01-01T00:00:00.000000Z"), (1, "1970-01-01T00:00:00.000001Z"),
      (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"),
      (1_709_251_199_999_999, "2024-02-29T23:59:59.999999Z"),
      (4_107_542_400_000_000, "2100-03-01T00:00:00.000000Z"), (-1, "1970-01-01T00:00:00.000000Z"),
      (253_402_300_799_999_999, "9999-12-31T23:59:59.999999Z"), (.max, "9999-12-31T23:59:59.999999Z"),
    ] as [(Int64, String)])
  func `known instants`(microseconds: Int64, expected: String) {
    #expect(text(microseconds) == expected)
  }

  @Test func `days of four centuries agree with Foundation, and reads back`() throws {
    let parser = ISO8601DateFormatter()
    var formatter = TimestampFormatter()
    for day in stride(from: Int64(0), to: 146_097, by: 11) {
      let time = WallTime(microseconds: (day * 86_400 + day % 86_400) * 1_000_000 + 5)
      formatter.format(time)
      #expect(WallTime(rfc3339: formatter.text) == time)
      guard day % 7 == 0 else { continue }
      let date = Date(timeIntervalSince1970: Double(time.microseconds / 1_000_000))
      #expect(String(decoding: formatter.text.prefix(19), as: UTF8.self) + "Z" == parser.string(from: date))
    }
  }

  @Test func `one formatter goes forward and back`() {
    var formatter = TimestampFormatter()
    for microseconds in [5_000_000, 5_999_999, 4_000_000, 5_000_001] as [Int64] {
      formatter.format(WallTime(microseconds: microseconds))
      #expect(String(decoding: formatter.text, as: UTF8.self) == text(microseconds))
    }
  }

  @Test(arguments: [
    "", "2026-01-02T03:04:05.678901", "2026-01-02 03:04:05.678901Z", "2026-13-02T03:04:05.678901Z",
    "2026-01-00T03:04:05.678901Z", "2026-01-02T03:04:05.67890aZ", "2026-01-02T03:04:05.678901+",
  ])
  func `anything else is no timestamp`(text: String) {
    #expect(WallTime(rfc3339: text.utf8) == nil)
  }
}
