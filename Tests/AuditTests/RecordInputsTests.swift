// Which files are read, once each, and in which order.
import Bytes
import Foundation
import Testing

@testable import Audit

struct RecordInputsTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func write(_ numbers: ClosedRange<Int>, to name: String) throws {
    let text = numbers.map { number in
      #"{"created_at":"2026-01-02T03:04:05.000000Z","event_type":"audit","payload":{},"seq":\#(number),"previous":""#
        + String(repeating: "0", count: 64) + "\"}\n"
    }
    try Data(text.joined().utf8).write(to: URL(fileURLWithPath: scratch.path(name)))
  }

  private func numbers(_ inputs: RecordInputs) throws -> [String] {
    var found: [String] = []
    for input in inputs.inOrder {
      try input.forEachLine { line, length, _ in
        found.append((try? RecordedEntry(line, length: length))?.sequence?.string ?? "-")
        return true
      }
    }
    return found
  }

  @Test func `a file of many names counts once, and the order is that of the numbers`() throws {
    try write(1...2, to: "a")
    try write(3...4, to: "b")
    let link = scratch.path("link")
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: scratch.path("a"))
    try FileManager.default.linkItem(atPath: scratch.path("a"), toPath: scratch.path("hard"))
    let names = ["b", "a", "./a", "link", "hard", "b"].map { scratch.directory + "/" + $0 }
    #expect(try numbers(RecordInputs(names)) == ["1", "2", "3", "4"])
  }

  @Test func `files without numbers come last, as they were given`() throws {
    for name in ["y", "x"] {
      try Data((#"{"created_at":"x","event_type":"\#(name)","payload":{}}"# + "\n").utf8).write(
        to: URL(fileURLWithPath: scratch.path(name)))
    }
    try write(1...1, to: "a")
    let inputs = try RecordInputs(["y", "x", "a"].map(scratch.path))
    #expect(inputs.inOrder.map(\.name) == ["a", "y", "x"].map(scratch.path))
  }

  @Test func `a log that is rotated meanwhile is read where it went`() throws {
    let path = scratch.path("audit.jsonl")
    try write(1...3, to: "audit.jsonl")
    let inputs = try RecordInputs([path])
    let away = LogName.rotated(from: path, at: WallTime(microseconds: 1_767_323_045_000_000))
    try FileManager.default.moveItem(atPath: path, toPath: away)
    try write(4...5, to: "audit.jsonl")
    #expect(try numbers(inputs) == ["1", "2", "3"])
    try FileManager.default.moveItem(atPath: away, toPath: scratch.path("elsewhere"))
    #expect(throws: ReadingError.moved(path: path)) { try numbers(inputs) }
  }

  @Test func `a file that is not there is an error before anything is read`() throws {
    try write(1...1, to: "a")
    #expect(throws: ReadingError.self) { try RecordInputs([scratch.path("a"), scratch.path("none")]) }
  }
}
