// Durations as in `wait=1m30s`.

import Bytes
import Testing

@testable import EmbeddedConsul

@Suite struct GoDurationTests {
  @Test(arguments: [
    ("10s", Duration.seconds(10)), ("1m30s", .seconds(90)), ("500ms", .milliseconds(500)),
    ("1.5s", .milliseconds(1_500)),
    ("1us", .microseconds(1)), ("1µs", .microseconds(1)), ("1μs", .microseconds(1)), ("7ns", .nanoseconds(7)),
    ("+5s", .seconds(5)), ("-5s", .seconds(-5)), ("0", .zero), ("1h", .seconds(3600)),
    (".5s", .milliseconds(500)),
    ("1.s", .seconds(1)), ("300000ms", .seconds(300)),
  ])
  func `what Go takes for a duration is one`(text: String, duration: Duration) {
    #expect(GoDuration.parse(ByteString(text)) == duration)
  }

  @Test(arguments: [
    "", "10", "1d", "5S", " 5s", "5s ", "s", "-", "+", ".", "1..5s", "5 s", "abc", "0x1s", "9999999h", ".",
  ])
  func `everything else is none`(text: String) {
    #expect(GoDuration.parse(ByteString(text)) == nil)
  }
}
