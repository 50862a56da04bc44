// What the tests of the journal share: scratch files, sample lines, and completions that can be waited for.
import Foundation
import JSON
import Digests
import Testing

@testable import Audit

/// What stands behind the payload of every record.
let recordEnd = #","seq":1,"previous":""# + String(repeating: "a", count: 64) + "\"}"

/// How long a test waits for what must come, in milliseconds. Long, since a machine may be busy with
/// others; no test passes or fails by the time it takes.
let patience: Int64 = 60_000

/// A directory that goes away with its value.
final class Scratch: Sendable {
  let directory: String

  init() throws {
    directory = NSTemporaryDirectory() + "/peergate-audit-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: directory) }

  func path(_ name: String) -> String { directory + "/" + name }

  func lines(of name: String) throws -> [String] {
    let text = try String(contentsOfFile: path(name), encoding: .utf8)
    #expect(text.isEmpty || text.hasSuffix("\n"))
    return text.split(separator: "\n").map(String.init)
  }
}

extension Entry.Request {
  init(_ method: [UInt8], _ endpoint: [UInt8], words: Entry.Words? = nil) {
    let line = method + [UInt8(ascii: " ")] + endpoint
    self.init(
      line: line, method: 0..<method.count, endpoint: method.count + 1..<line.count, words: words)
  }

  init(_ method: String, _ endpoint: String, words: Entry.Words? = nil) {
    self.init(Array(method.utf8), Array(endpoint.utf8), words: words)
  }
}

extension Entry.Words {
  init(
    agent: String = "Go-http-client/1.1", host: [UInt8] = Array("gate.example:8501".utf8),
    _ headers: [Entry.Header] = []
  ) {
    self.init(userAgent: Array(agent.utf8)[...], host: host[...], headers: headers)
  }
}

extension Entry.Peering {
  init(operation: String, peer: String, partition: String, access: String) {
    self.init(operation: operation, peer: peer.utf8.span, partition: partition, access: access)
  }
}

func sampleEntry(id: String = "00000000-0000-4000-8000-000000000000") -> Entry {
  var entry = Entry(
    id: Array(id.utf8)[...], stage: .complete(status: 200),
    connection: Entry.Connection(
      remoteAddress: "192.0.2.7:50312",
      tls: Entry.TLS(version: "TLSv1.3", cipher: "TLS_AES_128_GCM_SHA256")),
    request: Entry.Request("GET", "/v1/peering/hub", words: Entry.Words(agent: "Go-http-client/1.1")),
    decision: Entry.Decision(
      .allow, rule: #"team-a.hcl:3: peering "hub" { policy = "read" }"#,
      policyDigest: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"))
  entry.auth = Entry.Auth(accessorID: "6a1253d2-1785-24fd-91c2-f8e78c745511", tokenName: "team-a-ci")
  entry.peering = Entry.Peering(operation: "read", peer: "hub", partition: "default", access: "read")
  entry.durationMicroseconds = 1_234
  return entry
}

extension Block {
  mutating func append(_ batch: Batch) {
    var hash = SHA256()
    batch.forEachLine { append($0, at: .now(), hash: &hash) }
    endBatch()
  }
}

/// A batch of `count` lines whose ids begin with `name`.
func sampleBatch(_ name: String = "request", count: Int = 1) -> Batch {
  var batch = Batch()
  var encoder = LineEncoder()
  for index in 0..<count { encoder.append(sampleEntry(id: "\(name)-\(index)"), to: &batch) }
  return batch
}

/// The fates of batches, for a test that waits for them.
final class Fates: Sendable {
  private let monitor = Monitor<[Result<Void, AuditError>]>([])

  var completion: @Sendable (Result<Void, AuditError>) -> Void {
    { fate in
      self.monitor.withLock { $0.append(fate) }
      self.monitor.wake()
    }
  }

  var soFar: [Result<Void, AuditError>] { monitor.withLock { $0 } }

  /// Nil when fewer than `count` completions come within ten seconds.
  func wait(for count: Int) -> [Result<Void, AuditError>]? {
    monitor.wait(until: .now().advanced(byMilliseconds: patience)) { $0.count >= count ? $0 : nil }
  }
}

extension Result where Success == Void, Failure == AuditError {
  var isKept: Bool { error == nil }
  var error: AuditError? { if case .failure(let error) = self { error } else { nil } }
}

/// What the journal told the operator.
final class Notices: Sendable {
  private let notices = Monitor<[JournalNotice]>([])
  var all: [JournalNotice] { notices.withLock { $0 } }
  func add(_ notice: JournalNotice) { notices.withLock { $0.append(notice) } }
}

/// The member `seq` of each line.
func sequence(of lines: [String]) throws -> [Int] {
  try lines.map { line in
    let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
    return try #require(object?["seq"] as? Int, "no seq in \(line)")
  }
}

func object(_ line: String) throws -> [String: Any] {
  try #require(
    try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any], "no object: \(line)")
}

func payload(of line: String) throws -> [String: Any] {
  try #require(try object(line)["payload"] as? [String: Any], "no payload: \(line)")
}

func eventTypes(of lines: [String]) throws -> [String] {
  try lines.map { try object($0)["event_type"] as? String ?? "" }
}

/// Of the lines that requests caused.
func identifiers(of lines: [String]) throws -> [String] {
  try lines.compactMap { try payload(of: $0)["id"] as? String }
}

/// Of all gaps that are recorded.
func lostLines(in lines: [String]) throws -> Int {
  try lines.filter { $0.contains("audit-gap") }.reduce(0) { try $0 + (payload(of: $1)["lost"] as? Int ?? 0) }
}

/// SHA-256(`previous` ‖ SHA-256(what stands before `,"previous":`)).
func link(behind line: String) throws -> SHA256Digest {
  let (body, previous) = (String(line.dropLast(79)), String(line.dropLast(2).suffix(64)))
  let before = try #require(SHA256Digest(hexadecimal: previous))
  let joined = before.bytes + SHA256.digest(of: body).bytes
  return SHA256.digest(of: joined.span)
}

/// That each line carries the link behind the one before it and the next number.
func expectChain(_ lines: [String], location: SourceLocation = #_sourceLocation) throws {
  for (line, next) in zip(lines, lines.dropFirst()) {
    let link = try link(behind: line).hexadecimal
    #expect(try object(next)["previous"] as? String == link, "after \(line)", sourceLocation: location)
  }
  let numbers = try sequence(of: lines)
  #expect(
    numbers == Array((numbers.first ?? 1)..<(numbers.first ?? 1) + numbers.count), sourceLocation: location)
}
