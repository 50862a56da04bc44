// All content held at once: bounded, and always given back.

import Sockets
import Support
import Synchronization
import Testing

@testable import Consul
@testable import Gate

@Suite struct ContentBudgetTests {
  @Test(arguments: [(99, true), (100, true), (101, false)])
  func `replies may have all of it, and not one byte more`(bytes: Int, isHeld: Bool) {
    let budget = ContentBudget(bytes: 100)
    let share = Holder(budget)
    #expect(share.tryReserve(reply: bytes, toChange: false) == isHeld)
    #expect(budget.held == (isHeld ? bytes : 0))
  }

  @Test(arguments: [(49, true), (50, true), (51, false)])
  func `requests may have half of it`(bytes: Int, isHeld: Bool) {
    let budget = ContentBudget(bytes: 100)
    let share = Holder(budget)
    #expect(share.tryReserve(request: bytes) == isHeld)
    #expect(budget.held == (isHeld ? bytes : 0))
    let reply = Holder(budget)
    #expect(reply.tryReserve(reply: 50, toChange: false))
  }

  @Test(arguments: [(12, true), (13, false)])
  func `anonymous requests have an eighth of it, and take nothing from the half of others`(
    bytes: Int, isHeld: Bool
  ) {
    let budget = ContentBudget(bytes: 100)
    let anonymous = Holder(budget)
    #expect(anonymous.tryReserve(request: bytes, isAnonymous: true) == isHeld)
    #expect(budget.held == (isHeld ? bytes : 0))
    let known = Holder(budget)
    #expect(known.tryReserve(request: 50))
    // Nor do others take from theirs.
    let another = Holder(budget)
    #expect(another.tryReserve(request: 12, isAnonymous: true) == !isHeld)
  }

  @Test func `the largest body of an anonymous caller is held when no other is`() {
    let budget = ContentBudget(bytes: 100, largestBody: 40)
    do {
      let first = Holder(budget)
      #expect(first.tryReserve(request: 40, isAnonymous: true))
      let second = Holder(budget)
      #expect(!second.tryReserve(request: 1, isAnonymous: true))
    }
    #expect(budget.held == 0)
    let third = Holder(budget)
    #expect(third.tryReserve(request: 40, isAnonymous: true))
    #expect(!third.tryReserve(request: 41, isAnonymous: true))
    #expect(budget.held == 0)
  }

  @Test func `a body that grows is counted once, and with its exchange it is gone`() {
    let budget = ContentBudget(bytes: 100)
    do {
      let share = Holder(budget)
      for bytes in [10, 20, 20, 50] { #expect(share.tryReserve(request: bytes)) }
      #expect(share.tryReserve(reply: 50, toChange: false))
      #expect(budget.held == 100)
    }
    #expect(budget.held == 0)
    let next = Holder(budget)
    #expect(next.tryReserve(request: 50))
  }

  @Test func `what is refused makes room for others at once`() {
    let budget = ContentBudget(bytes: 100)
    let first = Holder(budget)
    let second = Holder(budget)
    #expect(first.tryReserve(reply: 60, toChange: false))
    #expect(second.tryReserve(reply: 40, toChange: false))
    #expect(!second.tryReserve(reply: 41, toChange: false))
    #expect(budget.held == 60)
    #expect(first.tryReserve(reply: 100, toChange: false))
    let (third, fourth) = (Holder(ContentBudget(bytes: 100)), Holder(budget))
    #expect(third.tryReserve(request: 50))
    #expect(!third.tryReserve(request: 51))
    #expect(third.tryReserve(request: 50))
    #expect(!fourth.tryReserve(request: 1))
  }

  @Test func `a request that replies leave no room for takes nothing from other requests`() {
    let budget = ContentBudget(bytes: 100)
    do {
      let reply = Holder(budget)
      #expect(reply.tryReserve(reply: 80, toChange: false))
      let request = Holder(budget)
      #expect(!request.tryReserve(request: 30))
      #expect(request.tryReserve(request: 20))
    }
    let request = Holder(budget)
    #expect(request.tryReserve(request: 50))
  }

  @Test(arguments: [(-1, true), (0, true), (1, false)])
  func `a short reply to a change is never refused, and counts`(excess: Int, isHeld: Bool) {
    let budget = ContentBudget(bytes: 100)
    let list = Holder(budget)
    #expect(list.tryReserve(reply: 100, toChange: false))
    do {
      let change = Holder(budget)
      let bytes = GateLimits.changeReplyBytes + excess
      #expect(change.tryReserve(reply: 30, toChange: true))
      #expect(budget.held == 130)
      #expect(change.tryReserve(reply: bytes, toChange: true) == isHeld)
      #expect(budget.held == 100 + (isHeld ? bytes : 0))
    }
    #expect(budget.held == 100)
  }

  @Test func `requests of one subject may have half of their half, and what is dropped is given back`() {
    var limits = GateLimits()
    limits.contentBytes = 1_000
    limits.bodyBytes = 100
    let budget = ContentBudget(bytes: limits.contentBytes, largestBody: limits.bodyBytes)
    let (one, two) = (SubjectUsage(SubjectLimits(limits)), SubjectUsage(SubjectLimits(limits)))
    let held = (0..<3).map { _ in Holder(budget, one) }
    #expect(held.map { $0.tryReserve(request: 90) } == [true, true, false])
    #expect(budget.held == 180)
    // It may have the rest of its share.
    #expect(held[2].tryReserve(request: 70))
    #expect(!held[2].tryReserve(request: 71))
    #expect(budget.held == 180)
    let others = (0..<2).map { _ in Holder(budget, two) }
    #expect(others.map { $0.tryReserve(request: 100) } == [true, false])
  }

  @Test func `taken by many threads at once, it is never exceeded and never lost`() {
    let budget = ContentBudget(bytes: 1_000)
    let threads = (0..<8).map { number in
      Thread.spawn(named: "holder-\(number)") {
        for round in 0..<2_000 {
          let share = Holder(budget)
          if round % 2 == 0 {
            _ = share.tryReserve(request: 200) && share.tryReserve(request: 300)
          } else {
            _ = share.tryReserve(reply: 700, toChange: false)
          }
          if budget.held > 1_000 { Issue.record("more is held than may be") }
        }
      }
    }
    for thread in threads { thread.join() }
    #expect(budget.held == 0)
  }

  /// What is not copyable cannot be expected of.
  private final class Holder {
    private var share: BodyReservation
    init(_ budget: ContentBudget, _ subject: SubjectUsage? = nil) {
      share = BodyReservation(of: budget)
      if let subject { share.count(for: subject) }
    }
    func tryReserve(request bytes: Int, isAnonymous: Bool = false) -> Bool {
      share.tryReserve(request: bytes, isAnonymous: isAnonymous)
    }
    func tryReserve(reply bytes: Int, toChange isChange: Bool) -> Bool {
      share.tryReserve(reply: bytes, toChange: isChange)
    }
  }
}

/// The same through a whole gate.
@Suite struct HeldContentTests {
  private static func limit(_ limits: inout GateLimits) {
    limits.bodyBytes = 4_096
    limits.upstream.replyBytes = 65_536
    limits.contentBytes = 65_536
    limits.contentPercentPerToken = 100
  }

  /// A POST of which `sent` bytes of the body come, out of more.
  private static func begun(_ sent: Int) -> String {
    "POST /v1/peering/token HTTP/1.1\r\nHost: gate\r\nX-Consul-Token: admin\r\nContent-Length: 4096\r\n\r\n"
      + String(repeating: "x", count: sent)
  }

  @Test(arguments: RawClient.Departure.allCases)
  func `a client that leaves in the middle of its body gives back what it held`(
    departure: RawClient.Departure
  )
    throws
  {
    let upstream = try RecordingUpstream { _ in .json("{}") }
    let fixture = try GateFixture(upstream: upstream.port, limits: Self.limit)
    let client = try fixture.connect()
    try client.send(Self.begun(3_000))
    #expect(eventually { fixture.gate.content.held == 3_000 })
    client.leave(departure)
    #expect(eventually { fixture.gate.content.held == 0 })
  }

  @Test func `a body that is not finished in time gives back what it held`() throws {
    let upstream = try RecordingUpstream { _ in .json("{}") }
    let fixture = try GateFixture(upstream: upstream.port) {
      Self.limit(&$0)
      $0.requestTimeout = .milliseconds(50)
    }
    let client = try fixture.connect()
    try client.send(Self.begun(3_000))
    #expect(try client.reply().status == 408)
    #expect(eventually { fixture.gate.content.held == 0 })
  }

  @Test func `a Consul that dies in the middle of its reply leaves nothing held`() throws {
    let upstream = try RecordingUpstream { _ in
      .last("HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n" + String(repeating: "[", count: 30_000))
    }
    let fixture = try GateFixture(upstream: upstream.port, limits: Self.limit)
    let client = try fixture.connect()
    #expect(try client.request(get("/v1/peerings")).status == 502)
    #expect(eventually { fixture.gate.content.held == 0 })
  }

  @Test func `while requests hold their half, others are refused and lists still pass`() throws {
    let list = "[" + String(repeating: " ", count: 20_000) + "]"
    let upstream = try RecordingUpstream { _ in .json(list) }
    let fixture = try GateFixture(upstream: upstream.port, limits: Self.limit)
    // 32,768 bytes are half.
    let holders = try (0..<8).map { _ in try fixture.connect() }
    for holder in holders { try holder.send(Self.begun(4_095)) }
    #expect(eventually { fixture.gate.content.held == 8 * 4_095 })
    let other = try fixture.connect()
    try other.send(Self.begun(9))
    let reply = try other.reply()
    #expect(reply.status == 503)
    #expect(reply["retry-after"] == "1")
    #expect(reply["connection"] == "close")
    #expect(reply.body == "this gate holds as much content as it may, try again")
    // One byte less than full is not full.
    let last = try fixture.connect()
    try last.send(Self.begun(8))
    #expect(eventually { fixture.gate.content.held == 32_768 })
    // Who asks first is told before it sends.
    let careful = try fixture.connect()
    try careful.send(
      "POST /v1/peering/token HTTP/1.1\r\nHost: gate\r\nX-Consul-Token: admin\r\nContent-Length: 9\r\n"
        + "Expect: 100-continue\r\n\r\n")
    #expect(try careful.reply().status == 503)
    #expect(try fixture.request(get("/v1/peerings")).status == 200)
    for holder in holders + [last] { holder.leave(.byReset) }
    #expect(eventually { fixture.gate.content.held == 0 })
    let answer = try fixture.request(post("/v1/peering/token", "{\"PeerName\":\"hub\"}"))
    #expect(answer.status == 200)
    let refusals = try fixture.audit().filter { $0.status == "503" }
    #expect(refusals.count == 2)
    #expect(refusals.allSatisfy { $0.reason == "request: there was no room for the content" })
  }

  @Test func `a list beyond what is left is refused, a change's reply is not`() throws {
    let hold = Hold()
    let upstream = try RecordingUpstream { request in
      if request.method == "POST" {
        return .json("{\"PeeringToken\":\"\(String(repeating: "t", count: 3_000))\"}")
      }
      if hold.isHeld {
        return .silence(
          "HTTP/1.1 200 OK\r\nContent-Length: 65536\r\n\r\n" + String(repeating: " ", count: 65_000))
      }
      return .json("[" + String(repeating: " ", count: 3_000) + "]")
    }
    let fixture = try GateFixture(upstream: upstream.port, limits: Self.limit)
    let waiter = try fixture.connect()
    try waiter.send(get("/v1/peerings"))
    #expect(eventually { fixture.gate.content.held == 65_000 })
    hold.release()
    let other = try fixture.connect()
    let reply = try other.request(get("/v1/peerings"))
    #expect(reply.status == 503)
    #expect(reply["retry-after"] == "1")
    #expect(try other.request(post("/v1/peering/token", "{\"PeerName\":\"hub\"}")).status == 200)
    waiter.leave(.byReset)
    #expect(eventually { fixture.gate.content.held == 0 })
    #expect(try other.request(get("/v1/peerings")).status == 200)
  }

  private final class Hold: Sendable {
    private let state = Mutex(true)
    var isHeld: Bool { state.withLock { $0 } }
    func release() { state.withLock { $0 = false } }
  }
}
