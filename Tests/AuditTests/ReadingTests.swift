// Logs read back for people: fields, conditions, following.
import Bytes
import Foundation
import Testing

@testable import Audit

struct RecordQueryTests {
  private let entry: RecordedEntry

  init() throws {
    var batch = Batch()
    var encoder = LineEncoder()
    var sample = sampleEntry()
    sample.upstream = Entry.Upstream(address: "10.0.0.7:8501")
    sample.repetition = .closed
    encoder.append(sample, to: &batch, at: WallTime(microseconds: 1_767_323_045_678_901))
    let bytes = batch.bytes + Array(recordEnd.utf8)
    entry = try RecordedEntry(bytes.span)
  }

  private func matches(_ change: (inout RecordQuery) -> Void) -> Bool {
    var query = RecordQuery()
    change(&query)
    return query.match(entry) == .matches
  }

  @Test func `what was recorded reads back`() {
    #expect(entry.createdAt == "2026-01-02T03:04:05.678901Z")
    #expect(entry.subject == "team-a-ci")
    #expect(entry.operation == "read" && entry.peer == "hub" && entry.partition == "default")
    #expect(entry.outcome == "allow" && entry.status == "200" && entry.microseconds == "1234")
    #expect(entry.upstream == "10.0.0.7:8501" && entry.repeated == "1")
    #expect(!entry.isStart && entry.sourceAddress == "192.0.2.7")
  }

  @Test(arguments: [
    ("team-a-ci", true), ("6a1253d2-1785-24fd-91c2-f8e78c745511", true), ("team-a", false), ("", false),
    ("team-a-*", true), ("*", true), ("team-b-*", false), ("team-*-ci", false), ("team-a-ci*", true),
  ])
  func `a name is whole, or the beginning of one before an asterisk`(subject: String, expected: Bool) {
    #expect(matches { $0.subjects = [NameFilter(ByteString(subject))] } == expected)
    #expect(matches { $0.subjects = [NameFilter("x"), NameFilter(ByteString(subject))] } == expected)
  }

  @Test(arguments: [
    ("10.0.0.7:8501", true), ("10.0.0.7:*", true), ("10.0.0.7", false), ("10.0.0.8:8501", false),
  ])
  func `the Consul that was asked is asked for`(address: String, expected: Bool) {
    #expect(matches { $0.upstreams = [NameFilter(ByteString(address))] } == expected)
  }

  @Test func `names are compared as bytes`() {
    #expect(NameFilter("e\u{301}").matches("e\u{301}"))
    #expect(!NameFilter("\u{e9}").matches("e\u{301}"))
    #expect(!NameFilter("e*").matches(nil))
  }

  @Test(
    arguments: [
      ("200", [200]), ("2xx", [200, 299]), ("500-599", [500, 599]), ("404-404", [404]), ("", nil),
      ("6xx", nil),
      ("0xx", nil), ("20", nil), ("2000", nil), ("500-400", nil), ("5xx-6xx", nil), ("-", nil), ("2-3", nil),
      ("200-", nil), ("200-300-400", nil), ("2XX", nil), ("٢xx", nil),
    ] as [(String, [Int]?)])
  func `statuses are a code, a class or a range`(text: String, bounds: [Int]?) throws {
    let filter = StatusFilter(ByteString(text))
    #expect((filter != nil) == (bounds != nil))
    guard let filter, let first = bounds?.first, let last = bounds?.last else { return }
    for (code, isIn) in [(first - 1, false), (first, true), (last, true), (last + 1, false)] {
      #expect(filter.matches(ByteString("\(code)")) == isIn)
    }
    #expect(!filter.matches(nil) && !filter.matches("") && !filter.matches("0200"))
  }

  @Test func `every condition must hold`() {
    let all = { (query: inout RecordQuery) in
      query.peers = ["hub"].map(NameFilter.init)
      query.operations = ["read"].map(NameFilter.init)
      query.outcomes = ["allow"].map(NameFilter.init)
      query.statuses = [StatusFilter("2xx")].compactMap { $0 }
      query.partitions = ["default"].map(NameFilter.init)
      query.ids = ["00000000-0000-4000-8000-000000000000"].map(NameFilter.init)
      query.stages = ["OperationComplete"].map(NameFilter.init)
      query.eventTypes = ["audit"].map(NameFilter.init)
      query.isFromSource = { $0 == "192.0.2.7" }
    }
    #expect(matches { _ in })
    #expect(matches(all))
    let others: [(inout RecordQuery) -> Void] = [
      { $0.peers = [NameFilter("hu")] }, { $0.operations = [NameFilter("delete")] },
      { $0.outcomes = [NameFilter("deny")] }, { $0.statuses = [StatusFilter("404")].compactMap { $0 } },
      { $0.partitions = [NameFilter("eu")] }, { $0.ids = [NameFilter("1")] },
      { $0.stages = [NameFilter("OperationStart")] }, { $0.eventTypes = [NameFilter("gate-*")] },
      { $0.isFromSource = { _ in false } }, { $0.certificates = [NameFilter("*")] },
      { $0.tokenDigests = [NameFilter("*")] }, { $0.gates = [NameFilter("*")] },
    ]
    for change in others {
      #expect(
        !matches { query in
          all(&query)
          change(&query)
        })
    }
  }

  @Test func `bounds of time are from and before, and a time that cannot be read is told apart`() throws {
    let time = try #require(WallTime(rfc3339: entry.createdAt.utf8))
    let later = WallTime(microseconds: time.microseconds + 1)
    #expect(matches { $0.period = Period(start: time) })
    #expect(!matches { $0.period = Period(end: time) })
    #expect(matches { $0.period = Period(end: later) })
    #expect(!matches { $0.period = Period(start: later) })
    let odd = try RecordedEntry(
      (#"{"created_at":"noon","event_type":"audit","payload":{}"# + recordEnd).utf8.span)
    var query = RecordQuery()
    #expect(query.match(odd) == .matches)
    query.period = Period(start: time)
    #expect(query.match(odd) == .noTime)
  }

  @Test func `lines that no request caused are told apart, and a failed handshake has an address`() throws {
    let line =
      #"{"created_at":"x","event_type":"gate-handshakes-failed","payload":{"remote_addr":"[2001:db8::1]:5","#
      + #""ids":["a","b"]}"# + recordEnd
    let entry = try RecordedEntry(line.utf8.span)
    var query = RecordQuery()
    query.isFromSource = { $0 == "2001:db8::1" }
    #expect(query.match(entry) == .matches)
    query.peers = [NameFilter("hub")]
    #expect(query.match(entry) == .noRequest)
    query = RecordQuery()
    query.ids = [NameFilter("b")]
    #expect(query.match(entry) == .matches)
    query.gates = [NameFilter("east-*")]
    var gate = GateNames()
    gate.read(
      try RecordedEntry(
        (#"{"created_at":"x","event_type":"audit-open","payload":{"gate":"east-1"}"# + recordEnd).utf8.span))
    #expect(query.match(entry) == .differs && query.match(entry, gate: gate) == .matches)
  }

  @Test(
    arguments: [
      ("", .notJSON), ("x", .notJSON), ("{}", .noRecord), ("[1]", .noRecord),
      (#"{"created_at":"x","event_type":"audit"}"#, .noRecord),
      // Anyone who checks the log takes none of these for a record.
      (#"{"created_at":"x","event_type":"audit","payload":{}}"#, .notChained),
      (#"{"created_at":"x","event_type":"audit","payload":{},"seq":1}"#, .notChained),
      (#"{"created_at":"x","event_type":"audit","payload":{}"# + recordEnd + " ", .notChained),
      (#"{"created_at":"x","event_type":"audit","payload":{}"# + recordEnd.dropLast(), .notJSON),
      (#"{"a":1,"a":1}"#, .notJSON),
      (String(repeating: "[", count: 100_000), .notJSON),
      ("[" + String(repeating: "1,", count: 5_000) + "1]", .notJSON),
    ] as [(String, RecordedEntry.Fault)])
  func `other lines are no records`(text: String, fault: RecordedEntry.Fault) {
    let found = #expect(throws: RecordedEntry.Fault.self) { try RecordedEntry(text.utf8.span) }
    #expect(found == fault)
  }

  @Test(arguments: [-1, 0, 1])
  func `a line is read up to its limit`(excess: Int) throws {
    let frame = #"{"created_at":"x","event_type":"audit","payload":{"reason":""}"# + recordEnd
    let text = String(repeating: "r", count: AuditLimits.readLineBytes - frame.utf8.count + excess)
    var found: [Bool] = []
    let line = frame.replacing("\"\"}", with: "\"\(text)\"}") + "\n"
    let scratch = try Scratch()
    try Data(line.utf8).write(to: URL(fileURLWithPath: scratch.path("log")))
    try RecordStream.forEachLine(of: scratch.path("log")) { line, length, _ in
      found.append((try? RecordedEntry(line, length: length)) != nil)
      return true
    }
    #expect(found == [excess <= 0])
  }

  @Test func `what was cut for its length is no record`() {
    let line = #"{"created_at":"x","event_type":"audit","payload":{}"# + recordEnd
    #expect((try? RecordedEntry(line.utf8.span, length: line.utf8.count)) != nil)
    let found = #expect(throws: RecordedEntry.Fault.self) {
      try RecordedEntry(line.utf8.span, length: line.utf8.count + 1)
    }
    #expect(found == .tooLong)
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
    let take = { (line: Span<UInt8>, _: Int) in
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

  @Test(arguments: [
    (0, []), (1, ["c"]), (2, ["bb", "c"]), (3, ["a", "bb", "c"]), (9, ["a", "bb", "c"]),
  ])
  func `the last lines are found from the end`(count: Int, expected: [String]) throws {
    let scratch = try Scratch()
    let path = scratch.path("audit.log")
    // More than one chunk before the lines, so that the search has to go on; and with nothing before them.
    for front in ["", String(repeating: "x", count: AuditLimits.readBytes + 7) + "\n"] {
      for end in ["\n", "\nd"] {
        try Data((front + "a\nbb\nc" + end).utf8).write(to: URL(fileURLWithPath: path))
        let follower = LogFollower(path)
        try follower.open(atLast: end == "\n" || count == 0 ? count : count + 1)
        var seen: [String] = []
        _ = try follower.readOn { line, _ in
          seen.append(String(decoding: line.indices.map { line[$0] }, as: UTF8.self))
        }
        #expect(seen.filter { $0.count < 9 } == expected)
      }
    }
  }
}

struct GateEventTests {
  @Test func `what happens to the gate is its own line kind`() throws {
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
