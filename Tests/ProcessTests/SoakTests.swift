// Many clients at once: every answer belongs to its question, every decision is right, nothing grows.

import Foundation
import Support
import Synchronization
import Testing
import TLS

/// `PEERGATE_SOAK_SECONDS` makes it minutes.
@Suite struct SoakTests {
  private static let clients = 64
  private static let seconds =
    ProcessInfo.processInfo.environment["PEERGATE_SOAK_SECONDS"].flatMap { Double($0) } ?? 5

  @Test func `64 clients, two workers, all operations`() throws {
    let consul = try ConsulProcess()
    let gate = try GateProcess(
      upstream: consul.address, more: "limits { upstream_idle_timeout = \"1s\" }", workers: 2)
    let atRest = gate.descriptors
    // Memory is counted from when every client has been there once.
    let warmUp = Herd(gate, clients: Self.clients)
    warmUp.run(for: 1)
    let kilobytes = gate.residentKilobytes

    let herd = Herd(gate, clients: Self.clients)
    herd.run(for: Self.seconds)
    #expect(herd.faults.isEmpty, "\(herd.faults.count) faults; the first: \(herd.faults.prefix(5))")
    #expect(herd.asked > Self.clients)

    // Idle connections to Consul are looked through every five seconds.
    #expect(eventually(within: 20) { gate.descriptors <= atRest }, "\(gate.descriptors) after \(atRest)")
    #expect(gate.residentKilobytes <= kilobytes + 16_384, "\(gate.residentKilobytes) after \(kilobytes)")
    try expectRecords(of: [warmUp, herd], gate)
    #expect(gate.stop() == 0)
  }

  private func expectRecords(of herds: [Herd], _ gate: GateProcess) throws {
    let lines = try gate.audit()
    let answers = lines.filter { $0.stage == "OperationComplete" }
    #expect(answers.count == herds.reduce(0) { $0 + $1.asked })
    let statuses = Dictionary(answers.map { ($0.shownID, $0.status) }) { _, _ in "twice" }
    for herd in herds {
      let wrong = herd.answered.filter { statuses[$0.key] != "\($0.value)" }
      #expect(wrong.isEmpty, "\(wrong.count) answers whose record says otherwise: \(wrong.first as Any)")
    }
    // Each change's intent stands before its answer.
    var intents: Set<String> = []
    for line in lines where ["generate", "establish", "delete"].contains(line.operation) {
      if line.stage == "OperationStart" {
        #expect(intents.insert(line.id).inserted)
      } else if line.outcome == "allow" {
        #expect(intents.contains(line.id))
      }
    }
    let numbers = try AuditLog.numbers(gate.auditPath)
    #expect(numbers == Array(1...numbers.count))
  }
}

/// Clients that ask at random and know what must come back.
private final class Herd: Sendable {
  private let gate: GateProcess
  private let clients: Int
  private let name = UInt32.random(in: 0 ... .max)
  private let state = Mutex((answered: [String: Int](), faults: [String]()))

  init(_ gate: GateProcess, clients: Int) {
    self.gate = gate
    self.clients = clients
  }

  var answered: [String: Int] { state.withLock { $0.answered } }
  var faults: [String] { state.withLock { $0.faults } }
  var asked: Int { state.withLock { $0.answered.count } }

  func run(for seconds: Double) {
    let end = Date().addingTimeInterval(seconds)
    let group = DispatchGroup()
    for number in 0..<clients {
      group.enter()
      Thread.detachNewThread { [self] in
        defer { group.leave() }
        do {
          try ask(as: number, until: end)
        } catch {
          state.withLock { $0.faults.append("client \(number): \(error)") }
        }
      }
    }
    group.wait()
  }

  private func ask(as number: Int, until end: Date) throws {
    let context = try gate.pki.clientContext()
    var count = 0
    repeat {
      let client = try RawClient(port: gate.port, context: context)
      for _ in 0..<Int.random(in: 1...20) {
        let id = "\(name)-\(number)-\(count)"
        count += 1
        let question = Question.random()
        let reply = try client.request(question.text(id: id))
        let fault = question.fault(in: reply, id: id)
        state.withLock { state in
          state.answered[id] = reply.status
          if let fault { state.faults.append("\(question.kind) \(question.peer): \(fault)") }
        }
        if Date() >= end { break }
      }
      client.leave(RawClient.Departure.allCases.randomElement() ?? .politely)
    } while Date() < end
  }
}

/// One request, and how to tell whether a reply is its own and the decision right.
private struct Question {
  enum Kind: CaseIterable { case list, wait, read, generate, delete, refused }

  let kind: Kind
  let token: String
  /// Others than those that begin with `cluster-` are the administrator's alone.
  let peer: String

  static func random() -> Question {
    let peer = "\(Bool.random() ? "cluster" : "team")-0\(Int.random(in: 1...5))"
    return Question(
      kind: Kind.allCases.randomElement() ?? .list,
      token: [Token.administrator, Token.owner, Token.reader].randomElement() ?? Token.reader, peer: peer)
  }

  func text(id: String) -> String {
    let fields = "X-Request-Id: \(id)\r\n"
    return switch kind {
    case .list: get("/v1/peerings", token: token, fields: fields)
    case .wait: get("/v1/peerings?index=1000000000&wait=20ms", token: token, fields: fields)
    case .read: get("/v1/peering/\(peer)", token: token, fields: fields)
    case .generate:
      request(
        "POST", "/v1/peering/token", token: token, fields: fields,
        body: "{\"PeerName\":\"\(peer)\",\"Meta\":{\"by\":\"\(id)\"}}")
    case .delete: request("DELETE", "/v1/peering/\(peer)", token: token, fields: fields)
    case .refused: get("/v1/peerings?index=\(id)", token: token, fields: fields)
    }
  }

  private var mayRead: Bool { token == Token.administrator || peer.hasPrefix("cluster-") }
  private var mayWrite: Bool {
    token == Token.administrator || token == Token.owner && peer == "cluster-02"
  }

  private var expected: Set<Int> {
    switch kind {
    case .list, .wait: [200]
    case .read: mayRead ? [200, 404] : [403]
    case .generate: mayWrite ? [200] : [403]
    case .delete: mayWrite ? [200] : [403]
    case .refused: [400]
    }
  }

  func fault(in reply: RawReply, id: String) -> String? {
    guard reply["x-request-id"] == id else { return "the answer is \(reply["x-request-id"] ?? "nobody")'s" }
    // Consul's own: a name whose deletion is under way cannot be written for a moment.
    let isDeleting = kind == .generate && reply.body.contains("marked for deletion")
    guard expected.contains(reply.status) || mayWrite && reply.status == 500 && isDeleting else {
      return "\(reply.status) \(reply.body.prefix(200))"
    }
    guard reply.status == 200 else { return nil }
    let shown = reply.body.matches(of: #/"Name":"([a-z0-9-]+)"/#).map { String($0.1) }
    switch kind {
    case .list where token != Token.administrator, .wait where token != Token.administrator:
      return shown.allSatisfy { $0.hasPrefix("cluster-") } ? nil : "shows \(shown)"
    case .read: return shown.first == peer ? nil : "shows \(shown)"
    case .generate: return reply.body.contains("PeeringToken") ? nil : "no token in \(reply.body.prefix(100))"
    default: return nil
    }
  }
}
