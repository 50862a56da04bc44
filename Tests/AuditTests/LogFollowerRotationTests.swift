// A log that is rotated faster than it is read.
import Foundation
import Testing

@testable import Audit

struct LogFollowerRotationTests {
  private let scratch: Scratch
  private var path: String { scratch.path("audit.jsonl") }

  init() throws { scratch = try Scratch() }

  /// What was handed out: numbers, and breaks.
  private final class Shown {
    var all: [String] = []
    func readOn(_ follower: LogFollower) throws {
      let breaks = { (gap: LogFollower.Break) in
        if case .missing(let numbers) = gap {
          self.all.append("no \(numbers.lowerBound) to \(numbers.upperBound)")
        } else {
          self.all.append("anew")
        }
      }
      while try follower.readOn(
        breaks: breaks, { line, _ in self.all.append(LogLine(line)?.sequence.description ?? "-") })
      {}
    }
  }

  /// The end of a file is that of its last number: names sort by `minute`, times are of `day`.
  private func write(_ numbers: ClosedRange<Int>, day: Int = 2) throws {
    let text = numbers.map { number in
      #"{"created_at":"2026-01-0\#(day)T03:04:05.000000Z","event_type":"audit","payload":{},"seq":\#(number),"#
        + #""previous":""# + String(repeating: "0", count: 64) + "\"}\n"
    }
    try Data(text.joined().utf8).write(to: URL(fileURLWithPath: path))
  }

  private func rotate(minute: Int64) throws {
    let time = WallTime(microseconds: 1_767_323_045_000_000 + minute * 60_000_000)
    try FileManager.default.moveItem(atPath: path, toPath: LogName.rotated(from: path, at: time))
  }

  private func follow() throws -> LogFollower {
    let follower = LogFollower(path)
    try follower.open(atLast: 0)
    return follower
  }

  @Test func `files that came between are read in the order of their numbers, whatever the clock did`() throws
  {
    try write(1...2)
    let follower = try follow()
    let shown = Shown()
    try shown.readOn(follower)
    try rotate(minute: 9)
    // The clock is set back: their names say the opposite of their numbers.
    for (minute, numbers) in [(5, 3...4), (4, 5...6), (3, 7...8)] {
      try write(numbers)
      try rotate(minute: Int64(minute))
    }
    try write(9...9)
    try shown.readOn(follower)
    #expect(shown.all == ["3", "4", "5", "6", "7", "8", "9"])
  }

  @Test func `what is in no file any more is told with its numbers`() throws {
    try write(1...2)
    let follower = try follow()
    let shown = Shown()
    try rotate(minute: 1)
    try write(10...11)
    try rotate(minute: 2)
    try write(20...20)
    try shown.readOn(follower)
    #expect(shown.all == ["no 3 to 9", "10", "11", "no 12 to 19", "20"])
  }

  @Test func `what is left of an older log is not taken for this one`() throws {
    try write(50...60, day: 1)
    try rotate(minute: 0)
    try write(1...2)
    let follower = try follow()
    let shown = Shown()
    try rotate(minute: 2)
    try write(90...91)
    try shown.readOn(follower)
    #expect(shown.all == ["no 3 to 89", "90", "91"])
  }

  @Test func `a log that begins anew is told to do so`() throws {
    try write(1...9)
    let follower = try follow()
    let shown = Shown()
    try FileManager.default.removeItem(atPath: path)
    try write(1...2)
    try shown.readOn(follower)
    try rotate(minute: 1)
    try write(3...3)
    try shown.readOn(follower)
    #expect(shown.all == ["anew", "1", "2", "3"])
  }

  @Test func `a file without a line yet is waited for`() throws {
    try write(1...2)
    let follower = try follow()
    let shown = Shown()
    try rotate(minute: 1)
    try write(3...4)
    try rotate(minute: 2)
    try Data().write(to: URL(fileURLWithPath: path))
    try shown.readOn(follower)
    #expect(shown.all == [])
    try write(5...5)
    try shown.readOn(follower)
    #expect(shown.all == ["3", "4", "5"])
  }
}
