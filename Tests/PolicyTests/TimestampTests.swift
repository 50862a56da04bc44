// Instants in policy files.
import Bytes
import Foundation
import Testing

@testable import Policy

struct TimestampTests {
  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0), ("2027-06-30T00:00:00Z", 1_814_313_600),
    ("2024-02-29T23:59:59Z", 1_709_251_199),
    ("2026-01-01T01:30:00+01:30", 1_767_225_600), ("2025-12-31T19:00:00-05:00", 1_767_225_600),
    ("9999-12-31T23:59:59Z", 253_402_300_799),
  ])
  func `an RFC 3339 time is read`(text: String, seconds: Int64) throws {
    #expect(try #require(Timestamp(text)).seconds == seconds)
  }

  @Test(arguments: [
    "", "2027-06-30", "2027-06-30T00:00:00", "2027-06-30 00:00:00Z", "2027-06-30t00:00:00z",
    "2027-06-31T00:00:00Z", "2027-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2027-00-10T00:00:00Z",
    "2027-13-10T00:00:00Z", "2027-01-00T00:00:00Z", "2027-06-30T24:00:00Z", "2027-06-30T00:60:00Z",
    "2027-06-30T00:00:60Z", "2027-06-30T00:00:00.5Z", "2027-06-30T00:00:00+0100", "2027-06-30T00:00:00+24:00",
    "2027-06-30T00:00:00+01:60", "+027-06-30T00:00:00Z", "1969-12-31T23:59:59Z", "2027-6-30T00:00:00Z00",
    "2027-06-30T00:00:00ZZZZZZ",
  ])
  func `what is not one instant in one spelling is refused`(text: String) {
    #expect(Timestamp(text) == nil)
  }

  @Test func `every day of four centuries prints back`() throws {
    for day in stride(from: Int64(0), to: 146_097, by: 1) {
      let instant = Timestamp(seconds: day * 86_400 + day % 86_400)
      #expect(try #require(Timestamp(instant.text)) == instant)
    }
  }

  @Test func `the calendar agrees with Foundation's`() throws {
    let formatter = ISO8601DateFormatter()
    for seconds in stride(from: Int64(0), to: 8_000_000_000, by: 12_345_677) {
      #expect(
        Timestamp(seconds: seconds).text
          == formatter.string(from: Date(timeIntervalSince1970: Double(seconds))))
    }
  }
}
