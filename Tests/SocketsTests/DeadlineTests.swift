// Arithmetic with time, at its ends.

import Sockets
import Testing

@Suite struct DeadlineTests {
  @Test func `what lies beyond the last instant is never`() {
    #expect(Deadline(nanoseconds: .max - 5).advanced(by: .nanoseconds(5)) == .never)
    #expect(Deadline(nanoseconds: .max - 5).advanced(by: .nanoseconds(6)) == .never)
    #expect(Deadline(nanoseconds: .max - 5).advanced(by: .nanoseconds(4)).nanoseconds == UInt64.max - 1)
    #expect(Deadline.never.advanced(by: .seconds(1)) == .never)
    #expect(Deadline(nanoseconds: 1).advanced(by: .seconds(Int64.max)) == .never)
  }

  @Test func `a negative time is none`() {
    #expect(Duration.seconds(-1).wholeNanoseconds == 0)
    #expect(Duration.nanoseconds(-1).wholeNanoseconds == 0)
    #expect(Deadline(nanoseconds: 7).advanced(by: .seconds(-1)) == Deadline(nanoseconds: 7))
  }

  @Test func `nanoseconds that do not fit are cut to what does`() {
    #expect(Duration.seconds(18_446_744_073).wholeNanoseconds == 18_446_744_073_000_000_000)
    let last = Duration(secondsComponent: 18_446_744_073, attosecondsComponent: 709_551_615_000_000_000)
    #expect(last.wholeNanoseconds == .max)
    let beyond = Duration(secondsComponent: 18_446_744_073, attosecondsComponent: 800_000_000_000_000_000)
    #expect(beyond.wholeNanoseconds == .max)
    #expect(Duration.seconds(18_446_744_074).wholeNanoseconds == .max)
    #expect(Duration.nanoseconds(1).wholeNanoseconds == 1)
    #expect((Duration.nanoseconds(1) / 2).wholeNanoseconds == 0)
  }

  @Test func `the way back is no distance`() {
    #expect(Deadline(nanoseconds: 5).distance(to: Deadline(nanoseconds: 9)) == 4)
    #expect(Deadline(nanoseconds: 9).distance(to: Deadline(nanoseconds: 5)) == 0)
    #expect(Deadline(nanoseconds: 0).distance(to: .never) == .max)
  }
}
