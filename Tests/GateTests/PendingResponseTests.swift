// Answers that wait for their records, while their connections wait for the next request.

import Foundation
import Support
import Testing

@testable import Gate

@Suite struct OwedAnswerTests {
  @Test func `pipelined requests are answered one after the other`() throws {
    let upstream = try RecordingUpstream { request in .json("{\"Name\":\"\(request.name)\"}") }
    let fixture = try GateFixture(upstream: upstream.port)
    let client = try fixture.connect()
    let targets = (1...40).map { "/v1/peering/cluster-\($0)" }
    try client.send(targets.map { get($0) }.joined())
    for number in 1...40 { #expect(try client.reply().body.contains("\"cluster-\(number)\"")) }
  }

  @Test func `a record that is late costs its own answer and no other`() throws {
    let stuck = try Stuck(patience: .milliseconds(100))
    for _ in 0..<2 {
      let refused = try stuck.client.request(get("/v1/peering/cluster-01"))
      #expect(refused.status == 503)
      #expect(refused["retry-after"] == "1")
      #expect(refused["connection"] == nil)
    }
    // What was late is kept now, and must not be taken for what comes next.
    stuck.pipe.startReading()
    for number in 2..<6 {
      let reply = try stuck.client.request(get("/v1/peering/cluster-\(number)"))
      #expect(reply.status == 200)
      #expect(reply.body.contains("cluster-\(number)"))
    }
  }

  @Test func `an answer whose record is late keeps nothing for as long as the journal is stuck`() throws {
    let stuck = try Stuck(patience: .milliseconds(50))
    let refused = post("/v1/peering/establish", as: "reader", String(repeating: " ", count: 30_000))
    #expect(try stuck.client.request(refused).status == 503)
    #expect(eventually { stuck.fixture.gate.content.held == 0 })
  }

  @Test func `requests behind one whose record is late are told the same`() throws {
    let stuck = try Stuck(patience: .milliseconds(100))
    try stuck.client.send(String(repeating: get("/v1/peering/cluster-01"), count: 3))
    for _ in 0..<3 { #expect(try stuck.client.reply().status == 503) }
  }

  @Test func `half a request does not keep the answer before it back`() throws {
    let stuck = try Stuck(patience: .milliseconds(100))
    let next = get("/v1/peering/cluster-02")
    try stuck.client.send(get("/v1/peering/cluster-01") + next.prefix(20))
    #expect(try stuck.client.reply().status == 503)
    stuck.pipe.startReading()
    #expect(eventually { (try? stuck.fixture.request(get("/v1/peering/cluster-03")).status) == 200 })
    #expect(try stuck.client.request(String(next.dropFirst(20))).body.contains("cluster-02"))
  }

  @Test func `a head that never ends is given up in its time, whatever was owed meanwhile`() throws {
    let stuck = try Stuck(patience: .milliseconds(100)) { $0.requestTimeout = .milliseconds(300) }
    try stuck.client.send(get("/v1/peering/cluster-01") + "GET /v1/peering/clu")
    #expect(try stuck.client.reply().status == 503)
    #expect(try stuck.client.reply().status == 503)
    #expect(try stuck.client.rest() == "")
    #expect(stuck.client.hasPeerSaidGoodbye)
  }

  @Test func `bytes that are no request are answered after the answer before`() throws {
    let stuck = try Stuck(patience: .seconds(20))
    try stuck.client.send(get("/v1/peering/cluster-01") + "NONSENSE\r\n\r\n")
    stuck.pipe.startReading()
    #expect(try stuck.client.reply().body.contains("cluster-01"))
    #expect(try stuck.client.reply().status == 400)
    #expect(try stuck.client.rest() == "")
  }

  @Test func `a stop waits for the record, and the answer says goodbye`() throws {
    let stuck = try Stuck(patience: .seconds(20))
    try stuck.client.send(get("/v1/peering/cluster-01"))
    #expect(eventually { stuck.upstream.requests.contains { $0.target == "/v1/peering/cluster-01" } })
    Thread.detachNewThread { [pipe = stuck.pipe] in
      usleep(100_000)
      pipe.startReading()
    }
    stuck.fixture.stop()
    let reply = try stuck.client.reply()
    #expect(reply.status == 200)
    #expect(reply["connection"] == "close")
    #expect(try stuck.client.rest() == "")
    #expect(stuck.client.hasPeerSaidGoodbye)
  }

  @Test func `idle time is counted from the answer before, and no late record lengthens it`() throws {
    let stuck = try Stuck(patience: .milliseconds(100)) { $0.idleTimeout = .milliseconds(400) }
    #expect(try stuck.client.request(get("/v1/peering/cluster-01")).status == 503)
    var rest = "not read"
    let idle = try ContinuousClock().measure { rest = try stuck.client.rest() }
    #expect(rest == "")
    #expect(idle < .seconds(10))
    #expect(stuck.client.hasPeerSaidGoodbye)
  }

  @Test func `the time of a record is not idle time`() throws {
    let stuck = try Stuck(patience: .seconds(20)) { $0.idleTimeout = .seconds(2) }
    try stuck.client.send(get("/v1/peering/cluster-01"))
    sleep(3)
    stuck.pipe.startReading()
    let reply = try stuck.client.reply()
    #expect(reply.status == 200)
    #expect(reply["connection"] == nil)
    #expect(try stuck.client.request(get("/v1/peering/cluster-02")).status == 200)
  }

  @Test(arguments: [true, false])
  func `a client that ends its side alone gets the answer that it is owed`(politely: Bool) throws {
    let stuck = try Stuck(patience: .seconds(20))
    try stuck.client.send(get("/v1/peering/cluster-01", as: "stranger"))
    try stuck.client.endSending(politely: politely)
    usleep(100_000)
    stuck.pipe.startReading()
    #expect(try stuck.client.reply().status == 403)
    #expect(try stuck.client.rest() == "")
  }

  @Test func `an answer that does not fit into the socket leaves as fast as the client reads`() throws {
    let services = String(repeating: ",\"" + String(repeating: "x", count: 1_020) + "\"", count: 7 << 10)
    let body = "{\"Name\":\"large\",\"Services\":[1" + services + "]}"
    let upstream = try RecordingUpstream { request in
      request.target.hasSuffix("large") ? .json(body) : .json("{}")
    }
    let fixture = try GateFixture(upstream: upstream.port)
    let client = try fixture.connect()
    try client.send(get("/v1/peering/large") + get("/v1/peering/cluster-01"))
    // Others are served meanwhile.
    #expect(try fixture.request(get("/v1/peering/cluster-02")).status == 200)
    #expect(try client.reply().body == body)
    #expect(try client.reply().body == "{}")
    #expect(try client.request(get("/v1/peering/cluster-01")).status == 200)
  }
}

/// A gate whose only sink takes nothing more.
private struct Stuck {
  let pipe: StuckPipe
  let upstream: RecordingUpstream
  let fixture: GateFixture
  /// Has a connection, and no answer to wait for.
  let client: RawClient
  private var fillers: [RawClient] = []

  init(patience: Duration, limits: (inout GateLimits) -> Void = { _ in }) throws {
    pipe = try StuckPipe()
    let upstream = try RecordingUpstream { request in .json("{\"Name\":\"\(request.name)\"}") }
    self.upstream = upstream
    fixture = try GateFixture(upstream: upstream.port, audit: pipe.path) {
      $0.auditTimeout = patience
      limits(&$0)
    }
    client = try fixture.connect()
    // Lines of 600 bytes at least, into a pipe of 4,096. What comes after them waits behind them.
    for _ in 0..<8 {
      let filler = try fixture.connect()
      try filler.send(get("/v1/peering/filler"))
      fillers.append(filler)
    }
    #expect(eventually { upstream.requests.count == 8 })
  }
}
