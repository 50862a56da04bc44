// Every kind of line that the binary writes, as a pipeline reads it that was made for Consul Enterprise's audit log.

import Foundation
import Support
import Testing

/// What Consul documents of its audit events, each name with its type. A decoder ignores whatever else there is.
private struct ConsulEvent: Decodable {
  let createdAt: String
  let eventType: String
  let payload: Payload

  struct Payload: Decodable {
    let id: String
    let version: String
    let type: String
    let timestamp: String
    let auth: Auth?
    let request: Request
    let response: Response?
    let stage: String
  }

  struct Auth: Decodable {
    let accessorId: String
    let description: String
    let createTime: String?
  }

  struct Request: Decodable {
    let operation: String
    let endpoint: String
    let remoteAddr: String
    let userAgent: String?
    let host: String?
  }

  struct Response: Decodable {
    let status: String
  }
}

@Suite struct AuditSchemaTests {
  /// Of one gate for all tests.
  private static let texts = Result { try EveryKindOfLine.lines() }

  private func lines() throws -> [[String: Any]] {
    try Self.texts.get().map { text in
      try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }
  }

  private func isTime(_ text: String) -> Bool {
    text.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(Z|[+-]\d\d:\d\d)/) != nil
  }

  private func events() throws -> [ConsulEvent] {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try Self.texts.get().filter { $0.contains("\"event_type\":\"audit\"") }.map {
      try decoder.decode(ConsulEvent.self, from: Data($0.utf8))
    }
  }

  @Test func `lines of requests are Consul's events`() throws {
    let events = try events()
    #expect(events.count > 1_000)
    for event in events {
      let payload = event.payload
      #expect(isTime(event.createdAt) && isTime(payload.timestamp))
      #expect(UUID(uuidString: payload.id) != nil, "\(payload.id)")
      #expect(payload.version == "1" && payload.type == "HTTPEvent")
      #expect(["OperationStart", "OperationComplete"].contains(payload.stage))
      #expect((payload.response != nil) == (payload.stage == "OperationComplete"))
      #expect(payload.response.map { $0.status.wholeMatch(of: /[1-5]\d\d/) != nil } ?? true)
      #expect(payload.request.remoteAddr.wholeMatch(of: /127\.0\.0\.1:\d+/) != nil)
      #expect(payload.auth?.createTime.map(isTime) ?? true)
    }
  }

  @Test func `what a client has sent stands where Consul puts it`() throws {
    let events = try events().filter { $0.payload.request.userAgent == "tester/1" }
    // Changes stand twice; the list is only counted, and a reduced line has no words of the client's.
    #expect(events.count == 10)
    #expect(events.allSatisfy { $0.payload.request.host == "localhost" })
    let read = try #require(events.first).payload
    #expect(read.request.operation == "GET" && read.request.endpoint == "/v1/peering/hub")
    #expect(read.auth?.description == "docs-admin")
    #expect(read.auth?.accessorId == "a8e8b8f4-4f4c-4b0e-9c5c-0d7f3b1f6a01")
    #expect(read.response?.status == "200")
    let statuses = Set(events.compactMap { $0.payload.response?.status })
    #expect(statuses == ["200", "403", "404", "502"])
  }

  @Test func `every other kind has the envelope, and a name that no pipeline takes for a request's`() throws {
    var kinds: Set<String> = []
    for (index, line) in try lines().enumerated() {
      let kind = try #require(line["event_type"] as? String)
      kinds.insert(kind)
      #expect((line["created_at"] as? String).map(isTime) == true)
      #expect(line["payload"] is [String: Any])
      #expect(line["seq"] as? Int == index + 1)
      #expect((line["previous"] as? String)?.count == 64)
      #expect(line.count == 5)
    }
    #expect(
      kinds == [
        "audit", "audit-open", "audit-gap", "audit-checkpoint", "audit-close", "gate-start", "gate-stop",
        "gate-drain", "gate-reload", "gate-reload-refused", "gate-unrecorded", "gate-handshakes-failed",
        "gate-refusals-thinned", "gate-withheld", "gate-upstream-lost", "gate-upstream-back",
      ])
  }

  @Test func `every field stands in the tables of the sources, to which the README points`() throws {
    let documented = try tables()
    var undocumented: Set<String> = []
    for line in try lines() {
      let kind = line["event_type"] as? String ?? ""
      for field in fields(of: line["payload"] ?? "", at: "payload") {
        let known = kind == "audit" ? documented["audit"] : documented[kind]
        if known?.contains(field) != true { undocumented.insert("\(kind): \(field)") }
      }
    }
    #expect(undocumented.isEmpty)
    #expect((documented["audit"]?.count ?? 0) > 30)
  }

  /// Paths of all members below `value`. What an operator names himself is one.
  private func fields(of value: Any, at path: String) -> [String] {
    guard let members = value as? [String: Any], path != "payload.request.headers" else { return [path] }
    return members.flatMap { fields(of: $0.value, at: "\(path).\($0.key)") }
  }

  /// The fields of each kind of line, from the doc comments. `.b` behind `payload.a` stands for its sibling.
  private func tables() throws -> [String: Set<String>] {
    var tables: [String: Set<String>] = [:]
    for name in ["Entry/Entry", "Entry/GateEvent", "Journal/JournalRecord"] {
      let file = GateProcess.repository.appending(path: "Sources/Audit/\(name).swift")
      for row in try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
      where row.hasPrefix("/// | `") {
        let cells = row.dropFirst(5).split(separator: "|")
        let first = cells[0].matches(of: /`([a-z_.-]+)`/).map { String($0.1) }
        if first.first?.contains("-") == true {
          tables[first[0]] = Set(cells[1].matches(of: /`([a-z_]+)`/).map { "payload.\($0.1)" })
        } else if let head = first.first {
          let parent = head.split(separator: ".").dropLast().joined(separator: ".")
          tables["audit", default: []].formUnion(first.map { $0.hasPrefix(".") ? parent + $0 : $0 })
        }
      }
    }
    return tables
  }
}
