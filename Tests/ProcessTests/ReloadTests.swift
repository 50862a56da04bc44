// Policies change while the gate runs: whole or not at all, and nobody notices but those whom they concern.

import Foundation
import Support
import Synchronization
import Testing

@Suite struct ReloadTests {
  private static let open =
    "policy \"p\" { peering_prefix \"team-\" { policy = \"read\" } }\nanonymous { policies = [\"p\"] }\n"
  private static let closed =
    "policy \"p\" { peering_prefix \"team-\" { policy = \"deny\" } }\nanonymous { policies = [\"p\"] }\n"
  private static let broken = "policy \"p\" { peering_prefix \"team-\" { policy = \"raed\" } }\n"

  private static func rewrite(_ gate: GateProcess, _ text: String) throws {
    try gate.folder.write("policies/test.hcl", text)
  }

  @Test func `SIGHUP puts new policies into force and says so in log and record`() throws {
    let upstream = try RecordingUpstream { _ in .json("{}") }
    let gate = try GateProcess(upstream: "http://127.0.0.1:\(upstream.port)", policies: Self.open)
    #expect(try gate.request(get("/v1/peering/team-a")).status == 200)
    try Self.rewrite(gate, Self.closed)
    kill(gate.process.processIdentifier, SIGHUP)
    #expect(eventually { gate.log.contains("reloaded") })
    #expect(try eventually { try gate.request(get("/v1/peering/team-a")).status == 403 })
    let text = try String(contentsOfFile: gate.auditPath, encoding: .utf8)
    #expect(text.contains("\"event_type\":\"gate-reload\""))
    #expect(text.contains("old_digest") && text.contains("new_digest"))
    #expect(
      try AuditLog.events("gate-reload", in: gate.auditPath).map { $0["cause"] as? String } == ["signal"])
  }

  @Test func `a set with a fault in it changes nothing, and the operator is told where it is`() throws {
    let upstream = try RecordingUpstream { _ in .json("{}") }
    let gate = try GateProcess(upstream: "http://127.0.0.1:\(upstream.port)", policies: Self.open)
    try Self.rewrite(gate, Self.broken)
    kill(gate.process.processIdentifier, SIGHUP)
    #expect(eventually { gate.log.contains("nothing was reloaded") })
    #expect(gate.log.contains("test.hcl:1:"))
    #expect(try gate.request(get("/v1/peering/team-a")).status == 200)
    let text = try String(contentsOfFile: gate.auditPath, encoding: .utf8)
    #expect(text.contains("\"event_type\":\"gate-reload-refused\""))
  }

  @Test func `a changed file is enough where the operator asked for that`() throws {
    let upstream = try RecordingUpstream { _ in .json("{}") }
    let gate = try GateProcess(
      upstream: "http://127.0.0.1:\(upstream.port)", policies: Self.open,
      more: "policies_watch_interval = \"100ms\"")
    #expect(try gate.request(get("/v1/peering/team-a")).status == 200)
    try Self.rewrite(gate, Self.closed)
    #expect(try eventually { try gate.request(get("/v1/peering/team-a")).status == 403 })
  }

  @Test func `a token that was revoked while its query waited gets no answer from Consul`() throws {
    let mayAnswer = Atomic(false)
    let box = Box(mayAnswer)
    let upstream = try RecordingUpstream { request in
      guard request.target.contains("index=") else { return .json("{}") }
      _ = eventually { box.flag.load(ordering: .relaxed) }
      return .json("{\"Name\":\"team-a\"}")
    }
    let gate = try GateProcess(upstream: "http://127.0.0.1:\(upstream.port)", policies: Self.open)
    let client = try gate.connect()
    try client.send(get("/v1/peering/team-a?index=5&wait=60s"))
    #expect(eventually { upstream.requests.count == 1 })
    try Self.rewrite(gate, Self.closed)
    kill(gate.process.processIdentifier, SIGHUP)
    #expect(try eventually { try gate.request(get("/v1/peering/team-b")).status == 403 })
    box.flag.store(true, ordering: .relaxed)
    let reply = try client.reply()
    #expect(reply.status == 403)
    #expect(!reply.body.contains("Name"))
  }

  @Test func `a storm of reloads under load judges every request by one whole set`() throws {
    let upstream = try RecordingUpstream { _ in .json("{}") }
    let gate = try GateProcess(upstream: "http://127.0.0.1:\(upstream.port)", policies: Self.open)
    let pid = gate.process.processIdentifier
    let isOver = Box(Atomic(false))
    let statuses = Mutex<[Int]>([])
    let collected = Collected(statuses)
    let clients = try (0..<4).map { _ in try Client(gate.connect()) }
    let finished = DispatchGroup()
    for client in clients {
      finished.enter()
      Thread.detachNewThread {
        while !isOver.flag.load(ordering: .relaxed) {
          let status = (try? client.connection.request(get("/v1/peering/team-a")).status) ?? 0
          collected.values.withLock { $0.append(status) }
        }
        finished.leave()
      }
    }
    for round in 0..<30 {
      try Self.rewrite(gate, [Self.open, Self.broken, Self.closed][round % 3])
      kill(pid, SIGHUP)
      #expect(eventually { gate.log.components(separatedBy: "reloaded").count > round + 1 })
    }
    isOver.flag.store(true, ordering: .relaxed)
    finished.wait()
    let seen = collected.values.withLock { $0 }
    #expect(seen.count > 30)
    #expect(Set(seen).isSubset(of: [200, 403]), "\(Set(seen))")
    // Each record's verdict is the one that the set it names would give, by a rule of that very set.
    var verdicts: [String: Set<String>] = [:]
    for line in try gate.audit() where line.peer == "team-a" {
      let digest = try #require(line.text.firstMatch(of: /"policy_digest":"([0-9a-f]+)"/)?.1)
      verdicts[String(digest), default: []].insert(
        "\(line.outcome ?? "") \(line.rule ?? "") \(line.status ?? "")")
    }
    #expect(!verdicts.isEmpty && verdicts.count <= 2)
    for (digest, found) in verdicts { #expect(found.count == 1, "\(digest): \(found)") }
  }

  @Test func `a shadow set is evaluated, recorded and never enforced`() throws {
    let upstream = try RecordingUpstream { _ in .json("{}") }
    let candidate = try ScratchFolder()
    try candidate.write("candidate.hcl", Self.closed)
    let gate = try GateProcess(
      upstream: "http://127.0.0.1:\(upstream.port)", policies: Self.open,
      more: "shadow_policies = \"\(candidate.path)\"")
    #expect(try gate.request(get("/v1/peering/team-a")).status == 200)
    #expect(try gate.request(get("/v1/peering/other")).status == 403)
    let lines = try gate.audit()
    #expect(lines[0].text.contains("\"shadow\":{\"difference\":\"would_deny\",\"rule\":\"candidate.hcl:1 "))
    #expect(lines[1].text.contains("\"shadow\":{\"difference\":\"none\""))
  }

  private final class Box: Sendable {
    let flag: Atomic<Bool>
    init(_ flag: consuming Atomic<Bool>) { self.flag = flag }
  }

  private final class Collected: Sendable {
    let values: Mutex<[Int]>
    init(_ values: consuming Mutex<[Int]>) { self.values = values }
  }

  /// One thread uses it.
  private final class Client: @unchecked Sendable {
    let connection: RawClient
    init(_ connection: RawClient) { self.connection = connection }
  }
}
