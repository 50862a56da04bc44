// Logs read back for people: fields, conditions, following.
import Digests
import Foundation
import Testing

@testable import Audit

struct RecordQueryTests {
  private let entry: RecordedEntry
  private let line: [UInt8]

  init() throws {
    var batch = Batch()
    var encoder = LineEncoder()
    encoder.append(sampleEntry(), to: &batch, at: WallTime(microseconds: 1_767_323_045_678_901))
    let bytes = batch.bytes + Array("}".utf8)
    guard let parsed = RecordedEntry(bytes.span) else { throw AuditError.closed }
    (line, entry) = (bytes, parsed)
  }

  @Test func `what was recorded reads back`() {
    #expect(entry.createdAt == "2026-01-02T03:04:05.678901Z")
    #expect(entry.subject == "team-a-ci")
    #expect(entry.operation == "read" && entry.peer == "hub" && entry.partition == "default")
    #expect(entry.outcome == "allow" && entry.status == "200" && entry.microseconds == "1234")
    #expect(!entry.isStart)
  }

  @Test(arguments: [
    ("team-a-ci", true), ("6a1253d2-1785-24fd-91c2-f8e78c745511", true), ("team-a", false), ("", false),
  ])
  func `a subject is a name or an accessor, whole`(subject: String, expected: Bool) {
    var query = RecordQuery()
    query.subject = subject
    #expect(query.matches(entry) == expected)
    let mayMatch = query.mayMatch(line.span)
    #expect(!expected || mayMatch)
  }

  @Test func `every condition must hold`() {
    var query = RecordQuery()
    #expect(query.matches(entry))
    query.peer = "hub"
    query.operation = "read"
    query.outcome = "allow"
    query.status = "200"
    query.partition = "default"
    query.id = "00000000-0000-4000-8000-000000000000"
    var mayMatch = query.mayMatch(line.span)
    #expect(query.matches(entry) && mayMatch)
    query.outcome = "deny"
    #expect(!query.matches(entry))
    query.peer = "hu"
    mayMatch = query.mayMatch(line.span)
    #expect(!mayMatch)
  }

  @Test func `bounds of time are from and before`() {
    var query = RecordQuery()
    query.since = "2026-01-02T03:04:05.678901Z"
    #expect(query.matches(entry))
    query.until = "2026-01-02T03:04:05.678901Z"
    #expect(!query.matches(entry))
    query.until = "2026-01-03"
    #expect(query.matches(entry))
    query.since = "2026-01-02T03:04:06"
    #expect(!query.matches(entry))
  }

  @Test(
    arguments: [
      ("90s", "2026-01-02T03:02:35.678901Z"), ("1h", "2026-01-02T02:04:05.678901Z"),
      ("7d", "2025-12-26T03:04:05.678901Z"), ("2026", "2026"), ("2026-01-02", "2026-01-02"),
      ("2026-01-02T03:04:05Z", "2026-01-02T03:04:05"), ("", nil), ("h", nil), ("-1h", nil), ("1w", nil),
      ("2026/01/02", nil), ("yesterday", nil), ("99999999999d", nil),
    ] as [(String, String?)])
  func `instants are periods back or beginnings of timestamps`(text: String, expected: String?) {
    #expect(RecordQuery.instant(text, now: WallTime(microseconds: 1_767_323_045_678_901)) == expected)
  }

  @Test(arguments: ["", "x", "{}", #"{"created_at":"x","event_type":"audit"}"#, "[1]"])
  func `other lines are no records`(text: String) {
    let parsed = RecordedEntry(text.utf8.span)
    #expect(parsed == nil)
  }
}

struct LogFollowerTests {
  @Test func `lines come once, whole, over renaming and truncation`() throws {
    let scratch = try Scratch()
    let path = scratch.path("audit.log")
    func write(_ text: String, to name: String = "audit.log") throws {
      if !FileManager.default.fileExists(atPath: scratch.path(name)) {
        try Data().write(to: URL(fileURLWithPath: scratch.path(name)))
      }
      let file = try #require(FileHandle(forWritingAtPath: scratch.path(name)))
      try file.seekToEnd()
      try file.write(contentsOf: Data(text.utf8))
      try file.close()
    }
    var seen: [String] = []
    let take = { (line: Span<UInt8>) in
      seen.append(String(decoding: line.indices.map { line[$0] }, as: UTF8.self))
    }

    try write("one\ntw")
    let follower = LogFollower(path)
    try follower.open()
    #expect(try follower.readOn(take))
    #expect(seen == ["one"])
    try write("o\n")
    #expect(try follower.readOn(take))
    #expect(try !follower.readOn(take))
    #expect(seen == ["one", "two"])

    try FileManager.default.moveItem(atPath: path, toPath: scratch.path("old.log"))
    try write("three\n", to: "old.log")
    try write("four\n")
    while try follower.readOn(take) {}
    #expect(seen == ["one", "two", "three", "four"])

    let file = try #require(FileHandle(forWritingAtPath: path))
    try file.truncate(atOffset: 0)
    try file.close()
    _ = try follower.readOn(take)
    try write("5\n")
    while try follower.readOn(take) {}
    #expect(seen.last == "5")
  }
}

struct GateEventTests {
  @Test func `what happens to the gate is a line of its own kind`() throws {
    var batch = Batch()
    var encoder = LineEncoder()
    let event = GateEvent(
      .handshakesFailed, facts: [("count", .number(3)), ("sample", .client([0xFF])), ("since", .text("x"))])
    encoder.append(event, to: &batch, at: WallTime(microseconds: 0))
    #expect(
      String(decoding: batch.bytes, as: UTF8.self)
        == #"{"created_at":"1970-01-01T00:00:00.000000Z","event_type":"gate-handshakes-failed","#
        + #""payload":{"count":3,"sample":"\\xff","since":"x"}"#)
  }
}
