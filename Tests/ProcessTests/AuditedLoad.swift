// Clients that ask for reads and changes until told to stop, and what they were answered.

import Foundation
import Support
import Synchronization
import Testing

/// Each client has a thread, and a new connection whenever one ends; a client whose gate is gone ends.
final class AuditedLoad: Sendable {
  struct Answer: Sendable {
    let id: String
    let status: Int
  }

  private let answers = Mutex<[Answer]>([])
  private let isOver = Atomic(false)
  private let clients = DispatchGroup()

  init(_ gate: GateProcess, clients count: Int) {
    for client in 0..<count {
      clients.enter()
      Thread.detachNewThread { [self] in
        while !isOver.load(ordering: .relaxed), gate.isRunning { converse(with: gate, as: client) }
        clients.leave()
      }
    }
  }

  /// On one connection, as long as it lasts.
  private func converse(with gate: GateProcess, as client: Int) {
    guard let connection = try? gate.connect() else { return }
    var number = client
    while !isOver.load(ordering: .relaxed) {
      number += 1
      guard let reply = try? connection.request(Self.mix[number % Self.mix.count]),
        let id = reply["x-request-id"]
      else { return }
      answers.withLock { $0.append(Answer(id: id, status: reply.status)) }
    }
  }

  /// Reads, lists, changes of each kind, denials and a path that is none.
  private static let mix = [
    get("/v1/peering/hub", token: Token.administrator),
    request("DELETE", "/v1/peering/hub", token: Token.administrator),
    get("/v1/peerings", token: Token.reader), get("/v1/peering/hub", token: Token.reader),
    request("POST", "/v1/peering/token", token: Token.owner, body: "{\"PeerName\":\"cluster-02\"}"),
    get("/v1/kv/hub", token: Token.administrator),
    request(
      "POST", "/v1/peering/establish", token: Token.owner,
      body: "{\"PeerName\":\"cluster-02\",\"PeeringToken\":\"dG9rZW4=\"}"),
  ]

  /// Answers so far with one of the statuses; all of them when none is given.
  func count(_ statuses: Int...) -> Int {
    answers.withLock { $0.count { statuses.isEmpty || statuses.contains($0.status) } }
  }

  /// Waits until so many more answers have come with one of the statuses.
  func expect(_ more: Int, _ status: Int) {
    let goal = count(status) + more
    #expect(eventually(within: 60) { count(status) >= goal }, "\(count(status)) of \(goal) answers \(status)")
  }

  /// Ends the load, once every client has the answer that it waits for.
  func finish() -> [Answer] {
    isOver.store(true, ordering: .relaxed)
    clients.wait()
    return answers.withLock { $0 }
  }
}
