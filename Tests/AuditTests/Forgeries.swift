// Forty and more ways to change a signed log without the key.
import Digests
import Testing

@testable import Audit

/// One of them, over a sound log.
struct Forgery: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let forge: @Sendable (inout ForgedLog) throws -> Void

  init(_ name: String, _ forge: @escaping @Sendable (inout ForgedLog) throws -> Void) {
    testDescription = name
    self.forge = forge
  }

  static let all: [Forgery] = lines + spellings + signatures + records

  /// Lines that are not what or where they were.
  private static let lines = [
    Forgery("a status is edited") { $0.replace(500, "\"200\"", "\"403\"") },
    Forgery("a status is edited, and all that follows rechained") {
      $0.replace(500, "\"200\"", "\"403\"")
      try $0.rechain(from: 501)
    },
    Forgery("a line is removed") { $0.lines.remove(at: 500) },
    Forgery("a line is removed, the rest renumbered and rechained") {
      $0.lines.remove(at: 500)
      try $0.rechain(from: 500)
    },
    Forgery("a line is put in twice") { $0.lines.insert($0.lines[500], at: 501) },
    Forgery("a line is made up and put in, the rest rechained") {
      $0.lines.insert($0.lines[500].replacing("request-499", with: "request-x"), at: 501)
      try $0.rechain(from: 501)
    },
    Forgery("two lines are swapped") { $0.lines.swapAt(500, 501) },
    Forgery("two lines are swapped, the rest rechained") {
      $0.lines.swapAt(500, 501)
      try $0.rechain(from: 500)
    },
    Forgery("the order of all lines is turned") { $0.lines.reverse() },
    Forgery("the second run stands before the first") {
      let start = $0.index("audit-open", 1)
      $0.lines = Array($0.lines[start...] + $0.lines[..<start])
    },
    Forgery("the last line of the first run is removed") { $0.lines.remove(at: $0.index("audit-close")) },
    Forgery("a number is another") { $0.replace(500, "\"seq\":501,", "\"seq\":500,") },
    Forgery("a number is the greatest there is") {
      $0.replace(500, "\"seq\":501,", "\"seq\":9999999999999999999,")
    },
    Forgery("a number has 300 digits") {
      $0.replace(500, "\"seq\":501,", "\"seq\":\(String(repeating: "9", count: 300)),")
    },
    Forgery("a line is unreadable") { $0.lines[500] = "nothing to see here" },
    Forgery("a line is empty") { $0.lines[500] = "" },
    Forgery("an empty line is put in") { $0.lines.insert("", at: 500) },
    Forgery("many empty lines are put in") {
      $0.lines.insert(String(repeating: "\n", count: 100_000), at: 500)
    },
    Forgery("a line of five MiB is put in") {
      $0.lines.insert(String(repeating: "x", count: 5 << 20), at: 500)
    },
    Forgery("a line is grown to five MiB, its end kept") {
      $0.replace(500, "\"hub\"", "\"\(String(repeating: "x", count: 5 << 20))\"")
    },
    Forgery("records without number and link are put behind") { log in
      log.rest = String(repeating: log.unchained(500) + "\n", count: 50)
    },
    Forgery("records without number and link are put in before the second start") { log in
      log.lines.insert(log.unchained(500), at: log.index("audit-open", 1))
    },
    Forgery("another log is put behind") { $0.lines += try ForgedLog.make().lines },
    Forgery("the first line says that others were before it") {
      $0.replace(0, String(repeating: "0", count: 64), String(repeating: "a", count: 64))
    },
  ]

  /// The same JSON to many a reader, in other bytes.
  private static let spellings = [
    Forgery("a blank hides a checkpoint") {
      $0.replace($0.index("audit-checkpoint"), "\"event_type\":\"", "\"event_type\": \"")
      try $0.rechain(from: 1_000)
    },
    Forgery("a blank hides the closing record") {
      $0.replace($0.lines.count - 1, "\"event_type\":\"", "\"event_type\": \"")
    },
    Forgery("a second event type hides the closing record") {
      $0.replace($0.lines.count - 1, "\"event_type\":", "\"event_type\":\"audit\",\"event_type\":")
    },
    Forgery("a field is there twice") {
      $0.replace($0.lines.count - 2, "{\"status\":", "{\"status\":\"403\",\"status\":")
    },
    Forgery("fields have another order") {
      $0.replace(
        $0.lines.count - 2, "\"version\":\"1\",\"type\":\"HTTPEvent\"",
        "\"type\":\"HTTPEvent\",\"version\":\"1\"")
    },
    Forgery("a field is left out") { $0.replace($0.lines.count - 2, "\"version\":\"1\",", "") },
    Forgery("a field is added") {
      $0.replace($0.lines.count - 2, "\"version\":\"1\",", "\"version\":\"1\",\"note\":\"x\",")
    },
    Forgery("a letter is written as an escape") {
      $0.replace($0.lines.count - 2, "\"hub\"", "\"h\\u0075b\"")
    },
    Forgery("a slash has a backslash before it") {
      $0.replace($0.lines.count - 2, "/v1/peering/hub", "\\/v1/peering/hub")
    },
    Forgery("a number has a leading zero") {
      $0.replace($0.lines.count - 2, "\"duration_us\":1234", "\"duration_us\":01234")
    },
    Forgery("a number has a fraction") {
      $0.replace($0.lines.count - 2, "\"duration_us\":1234", "\"duration_us\":1234.0")
    },
    Forgery("a link is in upper case") {
      let line = $0.lines[500]
      $0.lines[500] = line.dropLast(66) + line.suffix(66).uppercased()
    },
    Forgery("a carriage return stands before each newline") { $0.lines = $0.lines.map { $0 + "\r" } },
    Forgery("a blank stands behind a line") { $0.lines[$0.lines.count - 1] += " " },
    Forgery("a byte order mark stands before all") { $0.lines[0] = "\u{FEFF}" + $0.lines[0] },
  ]

  /// Signatures that are gone, moved, or somebody else's.
  private static let signatures = [
    Forgery("every signature is taken out, and all rechained") {
      for index in $0.lines.indices { $0.strip(index) }
      try $0.rechain()
    },
    Forgery("every record of the log's own is taken out, and all rechained") {
      $0.lines.removeAll { $0.contains("\"event_type\":\"audit-") }
      try $0.rechain()
    },
    Forgery("the first line is genuine, all else is rechained without signatures") {
      $0.lines = [$0.lines[0]] + $0.lines.dropFirst().filter { !$0.contains("\"event_type\":\"audit-") }
      try $0.rechain(from: 1)
    },
    Forgery("the first line is genuine, and what follows is spread over an hour") {
      $0.lines = Array($0.lines[..<20])
      $0.spread(over: 180, from: 1, count: 19)
      try $0.rechain(from: 1)
    },
    Forgery("a checkpoint comes first, and what follows is linked as format 1 was") {
      $0.lines = [$0.lines[$0.index("audit-checkpoint")]] + $0.lines[1..<900]
      try $0.rechainOld(from: 1)
    },
    Forgery("what stands behind the end is linked as format 1 was") {
      $0.lines += $0.lines[1..<900]
      try $0.rechainOld(from: $0.lines.count - 899)
    },
    Forgery("number 1 is no opening record, and what follows is linked as format 1 was") {
      $0.lines = Array($0.lines[1..<900])
      try $0.rechain()
      try $0.rechainOld(from: 1)
    },
    Forgery("number 1 is no opening record, and what follows is a new gate's") {
      let opening = $0.index("audit-open", 1)
      $0.lines = Array($0.lines[1..<900] + $0.lines[opening...])
      try $0.rechain()
    },
    Forgery("all is signed with another key") { try $0.sign(with: AuditKey(SigningKey.generate())) },
    Forgery("one signature is another record's") {
      let other = $0.lines[0].firstMatch(of: /"signature":"[^"]*"/)
      let last = $0.lines.count - 1
      $0.lines[last] = $0.lines[last].replacing(/"signature":"[^"]*"/, with: other?.output ?? "")
    },
    Forgery("one signature is empty") {
      let last = $0.lines.count - 1
      $0.lines[last] = $0.lines[last].replacing(/"signature":"[^"]*"/, with: "\"signature\":\"\"")
    },
    Forgery("one signature is left out") {
      let last = $0.lines.count - 1
      $0.lines[last] = $0.lines[last].replacing(/,"signature":"[^"]*"/, with: "")
    },
    Forgery("more lines than a gate leaves unsigned stand behind the end") {
      $0.lines += $0.lines[1..<1_100]
      try $0.rechain(from: $0.lines.count - 1_099)
    },
  ]

  /// What the log says of itself, edited in the last line that says it, so that no link tells.
  private static let records = [
    Forgery("the cause of the last record is another") {
      $0.replace($0.lines.count - 1, "\"stop\"", "\"soup\"")
    },
    Forgery("the last record vouches from another number") {
      let last = $0.lines.count - 1
      $0.lines[last] = $0.lines[last].replacing(/"from":\d+/, with: "\"from\":1")
    },
    Forgery("the time of the last record is another") {
      $0.replace($0.lines.count - 1, "\"created_at\":\"2", "\"created_at\":\"1")
    },
    Forgery("the last record is of another kind") {
      $0.replace($0.lines.count - 1, "\"audit-close\"", "\"audit-checkpoint\"")
      $0.replace($0.lines.count - 1, "\"cause\":\"stop\",", "")
    },
    Forgery("the start says that the run before it ended clean") {
      $0.lines.removeLast($0.lines.count - 1 - $0.index("audit-open", 1))
      $0.replace($0.lines.count - 1, "\"clean\":true", "\"clean\":false")
    },
    Forgery("the start says that another gate wrote it") {
      $0.lines.removeLast($0.lines.count - 1 - $0.index("audit-open", 1))
      $0.replace($0.lines.count - 1, "\"gate\":\"", "\"gate\":\"another-")
    },
    Forgery("the format is the old one") { $0.replace(0, ",\"format\":2", "") },
    Forgery("the format is one to come") { $0.replace(0, "\"format\":2", "\"format\":3") },
    Forgery("a gap is made up") {
      $0.lines.insert(
        #"{"created_at":"2026-01-02T03:04:05.678901Z","event_type":"audit-gap","payload":{"lost":9223372036854775807,"#
          + #""since":"2026-01-02T03:04:05.678901Z","reason":"none"},"seq":0,"previous":""}"#, at: 500)
      try $0.rechain(from: 500)
    },
    Forgery("a rotation is made up at the end") {
      $0.replace($0.lines.count - 1, "\"stop\"", "\"rotation\"")
    },
  ]
}
