// Times as Go writes them.

import Bytes
import Testing

@testable import EmbeddedConsul

@Suite struct TimestampTests {
  @Test(arguments: [
    (0, "1970-01-01T00:00:00Z"), (1, "1970-01-01T00:00:00.000000001Z"),
    (-1, "1969-12-31T23:59:59.999999999Z"),
    (1_795_349_523_800_282_741, "2026-11-22T12:12:03.800282741Z"),
    (951_782_400_000_000_000, "2000-02-29T00:00:00Z"),
    (951_868_799_500_000_000, "2000-02-29T23:59:59.5Z"), (4_107_542_399_000_000_000, "2100-02-28T23:59:59Z"),
    (4_107_542_400_000_000_000, "2100-03-01T00:00:00Z"),
  ])
  func `a moment is written as Go writes it`(nanoseconds: Int64, text: String) {
    #expect(Timestamp(nanoseconds: nanoseconds).description == text)
  }

  @Test func `adding saturates`() {
    #expect(Timestamp(nanoseconds: .max) + .seconds(1) == Timestamp(nanoseconds: .max))
    #expect(Timestamp(nanoseconds: 0) + .seconds(Int64.max) == Timestamp(nanoseconds: .max))
    #expect(Timestamp(nanoseconds: 5) - Timestamp(nanoseconds: 2) == .nanoseconds(3))
  }
}
