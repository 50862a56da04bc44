// What a stop may wait for, and what it may not.

import Glibc
import Support
import Synchronization
import Testing

@testable import Consul
@testable import Gate

@Suite struct StopTests {
  @Test(arguments: [
    get("/v1/peering/cluster-01"), get("/v1/peerings?index=7&wait=5m"),
    post("/v1/peering/token", "{\"PeerName\":\"cluster-01\"}"),
  ])
  func `a Consul that is silent does not outlast the drain's time`(request: String) throws {
    let upstream = try RecordingUpstream { _ in .silence() }
    let fixture = try GateFixture(upstream: upstream.port) {
      $0.drainTimeout = .milliseconds(50)
      $0.upstream.headTimeout = .seconds(60)
    }
    let client = try fixture.connect()
    try client.send(request)
    #expect(eventually { upstream.requests.count == 1 })
    #expect(fixture.stop() < .seconds(30))
    let outcomes = try fixture.audit().filter { $0.stage == "OperationComplete" }
    #expect(outcomes.count == 1)
  }

  @Test func `a waiting query is answered when the gate stops, and a running one finishes`() throws {
    let upstream = try RecordingUpstream { request in
      request.target.contains("index") ? .silence() : .json("{}")
    }
    let fixture = try GateFixture(upstream: upstream.port) { $0.drainTimeout = .seconds(60) }
    let waiter = try fixture.connect()
    try waiter.send(get("/v1/peering/cluster-01?index=7"))
    #expect(eventually { upstream.requests.count == 1 })
    #expect(fixture.stop() < .seconds(30))
    let reply = try waiter.reply()
    #expect(reply.status == 503)
    #expect(reply["retry-after"] == "1")
    #expect(reply["connection"] == "close")
  }

  @Test(arguments: [
    post("/v1/peering/token?index=7", "{\"PeerName\":\"cluster-01\"}"),
    get("/v1/peering/cluster-01?index=7&wait=5m").replacing("GET", with: "DELETE"),
  ])
  func `a change is no blocking query, and runs to its end when the gate stops`(request: String) throws {
    let isStopping = Atomic(false)
    let upstream = try RecordingUpstream { _ in
      while !isStopping.load(ordering: .relaxed) { usleep(1_000) }
      // The stop has been asked for; a query that blocks is given up by then.
      usleep(200_000)
      return .json("{}")
    }
    let fixture = try GateFixture(upstream: upstream.port) { $0.drainTimeout = .seconds(60) }
    let client = try fixture.connect()
    try client.send(request)
    #expect(eventually { upstream.requests.count == 1 })
    isStopping.store(true, ordering: .relaxed)
    fixture.stop()
    #expect(try client.reply().status == 200)
    let outcomes = try fixture.audit().filter { $0.stage == "OperationComplete" }
    #expect(outcomes.map(\.status) == ["200"])
  }

  @Test func `idle connections end with a goodbye`() throws {
    let upstream = try RecordingUpstream { _ in .json("{}") }
    let fixture = try GateFixture(upstream: upstream.port) { $0.drainTimeout = .seconds(60) }
    let client = try fixture.connect()
    #expect(try client.request(get("/v1/peering/cluster-01")).status == 200)
    #expect(fixture.stop() < .seconds(30))
    #expect(try client.rest() == "")
  }
}
