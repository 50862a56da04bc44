// Queries that wait at Consul: how long, for whom, and how many.

import Foundation
import Support
import Testing

@Suite struct BlockingQueryTests {
  private static let query = get("/v1/peerings?index=7&wait=60s", token: Token.administrator)

  @Test(arguments: RawClient.Departure.allCases)
  func `a client that leaves ends its query at Consul`(departure: RawClient.Departure) throws {
    let upstream = try RecordingUpstream { _ in .silence() }
    let gate = try GateProcess(upstream: upstream.address)
    let client = try gate.connect()
    try client.send(Self.query)
    #expect(eventually { upstream.requests.count == 1 })
    #expect(upstream.departed == 0)
    client.leave(departure)
    #expect(eventually { upstream.departed == 1 })
    #expect(try eventually { try gate.audit().count == 1 })
    let line = try #require(try gate.audit().first)
    #expect(line.status == "499")
    #expect(line.outcome == "allow")
    #expect(line.reason?.contains("left") == true)
  }

  @Test func `a client that leaves while Consul is in the middle of the reply ends it too`() throws {
    let upstream = try RecordingUpstream { _ in .silence("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n[") }
    let gate = try GateProcess(upstream: upstream.address)
    let client = try gate.connect()
    try client.send(Self.query)
    #expect(eventually { upstream.requests.count == 1 })
    client.leave(.silently)
    #expect(eventually { upstream.departed == 1 })
    #expect(try eventually { try gate.audit().map(\.status) == ["499"] })
  }

  @Test func `a change goes on when its client leaves, and the record says what came of it`() throws {
    let hasLeft = DispatchSemaphore(value: 0)
    let upstream = try RecordingUpstream { _ in
      hasLeft.wait()
      return .json("1")
    }
    let gate = try GateProcess(upstream: upstream.address)
    let client = try gate.connect()
    try client.send(request("DELETE", "/v1/peering/hub", token: Token.administrator))
    #expect(eventually { upstream.requests.count == 1 })
    client.leave(.byReset)
    hasLeft.signal()
    #expect(try eventually { try gate.audit().map(\.stage) == ["OperationStart", "OperationComplete"] })
    #expect(try gate.audit().last?.status == "200")
  }

  @Test func `Consul gets as long as was asked for, and a little more`() throws {
    let upstream = try RecordingUpstream { _ in .silence() }
    let gate = try GateProcess(
      upstream: upstream.address,
      more: "limits { blocking_slack = \"200ms\" upstream_head_timeout = \"10ms\" }")
    let begin = Date()
    let reply = try gate.request(get("/v1/peering/hub?index=7&wait=800ms", token: Token.administrator))
    #expect(reply.status == 504)
    // The wait, a sixteenth of it, and the slack; the upper bound is for a busy machine.
    #expect((1.05...10).contains(Date().timeIntervalSince(begin)))
    #expect(upstream.requests.first?.target == "/v1/peering/hub?index=7&wait=800ms")
    #expect(eventually { upstream.departed == 1 })
  }

  @Test func `an index of nothing does not wait`() throws {
    let upstream = try RecordingUpstream { _ in .silence() }
    let gate = try GateProcess(
      upstream: upstream.address, more: "limits { upstream_head_timeout = \"100ms\" }")
    for query in ["wait=60s", "index=0&wait=60s", "index=&wait=60s"] {
      let begin = Date()
      let reply = try gate.request(get("/v1/peerings?\(query)", token: Token.administrator))
      #expect(reply.status == 504)
      #expect(Date().timeIntervalSince(begin) < 10, "\(query)")
    }
  }

  @Test func `when all places for waiting are taken the next is told to come back, and others are served`()
    throws
  {
    let upstream = try RecordingUpstream { received in
      received.target.contains("index") ? .silence() : .json("[]")
    }
    let gate = try GateProcess(
      upstream: upstream.address,
      more: "limits { upstream_connections = 4 per_token { blocking_percent = 100 upstream_percent = 100 } }")
    var waiting = try (0..<3).map { _ in try gate.connect() }
    for client in waiting { try client.send(Self.query) }
    #expect(eventually { upstream.requests.count == 3 })

    let refused = try gate.request(Self.query)
    #expect(refused.status == 503)
    #expect(refused["retry-after"] == "1")
    #expect(try gate.audit().last?.reason?.contains("budget") == true)
    // From both workers, though one connection is left for all of them.
    for _ in 0..<8 {
      #expect(try gate.request(get("/v1/peerings", token: Token.administrator)).status == 200)
    }
    #expect(upstream.requests.count == 3 + 8)

    // A place that is given up can be taken.
    waiting.removeFirst().leave(.silently)
    #expect(try eventually { try gate.audit().contains { $0.status == "499" } })
    let next = try gate.connect()
    try next.send(Self.query)
    #expect(eventually { upstream.requests.count == 3 + 8 + 1 })
  }

  @Test func `the answer is judged by the policies that hold when it comes`() throws {
    let isRevoked = DispatchSemaphore(value: 0)
    let upstream = try RecordingUpstream { received in
      if received.target.contains("index") { isRevoked.wait() }
      return .json(list(["cluster-01"]))
    }
    let policies = { (rule: String) in
      """
      policy "p" { peering_prefix "\(rule)" { policy = "read" } }
      anonymous { policies = ["p"] }
      """
    }
    let gate = try GateProcess(upstream: upstream.address, policies: policies("cluster-"), workers: 1)
    let client = try gate.connect()
    let lister = try gate.connect()
    try client.send(get("/v1/peering/cluster-01?index=7&wait=60s"))
    try lister.send(get("/v1/peerings?index=7&wait=60s"))
    #expect(eventually { upstream.requests.count == 2 })
    try gate.folder.write("policies/test.hcl", policies("other-"))
    gate.signal(SIGHUP)
    // The only worker has the new policies when it judges by them.
    #expect(try eventually { try gate.request(get("/v1/peering/cluster-01")).status == 403 })
    isRevoked.signal()
    isRevoked.signal()
    let reply = try client.reply()
    #expect(reply.status == 403)
    #expect(!reply.body.contains("nested"))
    let filtered = try lister.reply()
    #expect(filtered.status == 200)
    #expect(filtered.body == "[]")
    #expect(try gate.audit().filter { $0.outcome == "deny" }.count == 2)
  }
}
