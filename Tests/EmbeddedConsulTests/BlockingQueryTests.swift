// `index` and `wait`: what wakes a query, what does not, and what it then gets.

import Bytes
import Testing

@testable import EmbeddedConsul

@Suite struct BlockingQueryTests {
  private func waiting(_ laboratory: inout Fixture, _ target: String) throws -> WaitID {
    guard case .waiting(let wait) = laboratory.send("GET", target) else {
      throw Answered(target: target)
    }
    return wait
  }

  private struct Answered: Error { let target: String }

  private func index(_ laboratory: inout Fixture, _ target: String) -> UInt64 {
    laboratory.reply("GET", target).index ?? 0
  }

  // MARK: answers at once

  @Test func `an empty list has index 1`() {
    var laboratory = Fixture()
    let reply = laboratory.reply("GET", "/v1/peerings")
    #expect(reply.text == "[]")
    #expect(reply.index == 1)
    #expect(reply.field("X-Consul-Knownleader") == "true")
    #expect(reply.field("X-Consul-Lastcontact") == "0")
    #expect(reply.field("X-Consul-Query-Backend") == "blocking-query")
  }

  @Test func `a smaller index, none and zero are answered at once`() {
    var laboratory = Fixture()
    _ = laboratory.generate("foo")
    for query in ["", "?index=0&wait=5s", "?wait=5s", "?index=1&wait=2s", "?index=17"] {
      #expect(laboratory.reply("GET", "/v1/peering/foo\(query)").index == 18)
      #expect(laboratory.reply("GET", "/v1/peerings\(query)").index == 18)
    }
  }

  @Test func `a missing name is answered at once when the table is newer`() {
    var laboratory = Fixture()
    _ = laboratory.generate("foo")
    let reply = laboratory.reply("GET", "/v1/peering/none?index=17")
    #expect(reply.status == 404)
    #expect(reply.index == nil)
  }

  // MARK: deadlines

  @Test func `the same index waits, with up to a sixteenth more, and gets the same`() throws {
    for seed in 1...20 {
      var laboratory = Fixture(seed: UInt64(seed))
      _ = laboratory.generate("foo")
      let wait = try waiting(&laboratory, "/v1/peering/foo?index=18&wait=16s")
      laboratory.wait(.milliseconds(15_999))
      #expect(laboratory.network.takeCompletions().isEmpty)
      laboratory.wait(.milliseconds(1_001))
      let completions = laboratory.network.takeCompletions()
      #expect(completions.map(\.wait) == [wait])
      #expect(completions.first?.reply.index == 18)
    }
  }

  @Test(arguments: [("", 300), ("&wait=0s", 300), ("&wait=24h", 600)])
  func `a wait has its default and its cap`(query: String, seconds: Int) throws {
    var laboratory = Fixture()
    _ = laboratory.generate("foo")
    _ = try waiting(&laboratory, "/v1/peerings?index=18\(query)")
    laboratory.wait(.seconds(seconds) - .milliseconds(1))
    #expect(laboratory.network.takeCompletions().isEmpty)
    laboratory.wait(.seconds(seconds) / 16 + .milliseconds(1))
    #expect(laboratory.network.takeCompletions().count == 1)
  }

  @Test func `an index above the current one waits and gets the smaller one`() throws {
    var laboratory = Fixture()
    _ = laboratory.generate("foo")
    _ = try waiting(&laboratory, "/v1/peering/foo?index=999999999&wait=1s")
    _ = laboratory.generate("foo")
    #expect(laboratory.network.takeCompletions().isEmpty)
    laboratory.wait(.seconds(2))
    #expect(laboratory.network.takeCompletions().first?.reply.index == 19)
  }

  // MARK: what wakes

  @Test func `a read wakes for its own peering only, a list for any`() throws {
    var laboratory = Fixture()
    _ = laboratory.generate("foo")
    _ = laboratory.generate("bar")
    let foo = try waiting(&laboratory, "/v1/peering/foo?index=18&wait=60s")
    let list = try waiting(&laboratory, "/v1/peerings?index=19&wait=60s")
    _ = laboratory.generate("bar")
    var completions = laboratory.network.takeCompletions()
    #expect(completions.map(\.wait) == [list])
    #expect(completions.first?.reply.index == 20)
    _ = laboratory.generate("foo")
    completions = laboratory.network.takeCompletions()
    #expect(completions.map(\.wait) == [foo])
    #expect(completions.first?.reply.index == 21)
    #expect(laboratory.network.waitingCount == 0)
  }

  @Test func `connecting, heartbeats, services and failing wake nobody by themselves`() throws {
    var laboratory = Fixture()
    laboratory.peer()
    let acceptor = index(&laboratory, "/v1/peering/to-dc2")
    let list = index(&laboratory, "/v1/peerings")
    _ = try waiting(&laboratory, "/v1/peering/to-dc2?index=\(acceptor)&wait=600s")
    _ = try waiting(&laboratory, "/v1/peerings?index=\(list)&wait=600s")
    laboratory.wait(.seconds(60))
    laboratory.network.configure(laboratory.dc1) { $0.exportedServices["to-dc2"] = ["web"] }
    laboratory.network.setLink(between: laboratory.dc1, and: laboratory.dc2, isUp: false)
    laboratory.wait(.seconds(200))
    #expect(laboratory.state("to-dc2") == "FAILING")
    #expect(laboratory.network.takeCompletions().isEmpty)
    #expect(index(&laboratory, "/v1/peerings") == list)
  }

  @Test func `the stored change of a first connection wakes both`() throws {
    var laboratory = Fixture()
    laboratory.establish("to-dc1", laboratory.generate("to-dc2"))
    let read = try waiting(&laboratory, "/v1/peering/to-dc2?index=18&wait=60s")
    let list = try waiting(&laboratory, "/v1/peerings?index=18&wait=60s")
    laboratory.wait(.seconds(1))
    let completions = laboratory.network.takeCompletions()
    #expect(completions.map(\.wait) == [read, list])
    #expect(completions.first?.reply.json["State"] as? String == "ACTIVE")
  }

  @Test func `a deletion shows first as DELETING, then as absence`() throws {
    var laboratory = Fixture()
    _ = laboratory.generate("foo")
    _ = try waiting(&laboratory, "/v1/peering/foo?index=18&wait=60s")
    laboratory.reply("DELETE", "/v1/peering/foo")
    let reply = try #require(laboratory.network.takeCompletions().first?.reply)
    #expect(reply.json["State"] as? String == "DELETING")
    #expect(reply.index == 19)
    _ = try waiting(&laboratory, "/v1/peering/foo?index=19&wait=60s")
    laboratory.wait(.milliseconds(5))
    let gone = try #require(laboratory.network.takeCompletions().first?.reply)
    #expect(gone.status == 404)
    #expect(gone.text == "Peering not found for \"foo\"")
  }

  @Test func `a missing name ignores the others and wakes when it is made`() throws {
    var laboratory = Fixture()
    _ = laboratory.generate("foo")
    let wait = try waiting(&laboratory, "/v1/peering/bar?index=18&wait=60s")
    _ = laboratory.generate("foo")
    _ = laboratory.generate("baz")
    #expect(laboratory.network.takeCompletions().isEmpty)
    _ = laboratory.generate("bar")
    let completions = laboratory.network.takeCompletions()
    #expect(completions.map(\.wait) == [wait])
    #expect(completions.first?.reply.json["Name"] as? String == "bar")
  }

  @Test func `a missing name that stays missing is a 404 after the wait`() throws {
    var laboratory = Fixture()
    _ = laboratory.generate("foo")
    _ = try waiting(&laboratory, "/v1/peering/Bar?index=18&wait=2s")
    laboratory.wait(.milliseconds(2_200))
    let reply = laboratory.network.takeCompletions().first?.reply
    #expect(reply?.status == 404)
    #expect(reply?.text == "Peering not found for \"Bar\"")
    #expect(reply?.field("Vary") == "Accept-Encoding")
  }

  @Test func `a list wakes for a new peering and has it in its place`() throws {
    var laboratory = Fixture()
    _ = laboratory.generate("foo")
    _ = laboratory.generate("bar")
    _ = try waiting(&laboratory, "/v1/peerings?index=19&wait=60s&pretty")
    _ = laboratory.generate("baz")
    let reply = try #require(laboratory.network.takeCompletions().first?.reply)
    #expect(reply.list.map { $0["Name"] as? String } == ["bar", "baz", "foo"])
    #expect(reply.text.hasSuffix("]\n"))
  }

  // MARK: many, and those who leave

  @Test func `a denied query does not wait`() {
    var laboratory = Fixture(access: .requiring(token: "root", accessorID: "x"))
    #expect(laboratory.reply("GET", "/v1/peerings?index=1000&wait=60s").status == 403)
    #expect(laboratory.network.waitingCount == 0)
  }

  @Test func `a client that left is forgotten`() throws {
    var laboratory = Fixture()
    _ = laboratory.generate("foo")
    let wait = try waiting(&laboratory, "/v1/peerings?index=18&wait=10s")
    laboratory.network.cancel(wait)
    _ = laboratory.generate("bar")
    laboratory.wait(.seconds(20))
    #expect(laboratory.network.takeCompletions().isEmpty)
    #expect(laboratory.network.waitingCount == 0)
  }

  @Test func `a draining server answers a waiting query now`() throws {
    var laboratory = Fixture()
    _ = laboratory.generate("foo")
    let wait = try waiting(&laboratory, "/v1/peering/foo?index=18&wait=10s")
    laboratory.network.answerNow(wait)
    #expect(laboratory.network.takeCompletions().first?.reply.index == 18)
    laboratory.network.answerNow(wait)
    #expect(laboratory.network.takeCompletions().isEmpty)
  }

  @Test func `five thousand waiting for other peerings cost a change nothing`() throws {
    var laboratory = Fixture()
    for number in 0..<100 { _ = laboratory.generate("peer-\(number)") }
    for number in 0..<5_000 {
      _ = try waiting(&laboratory, "/v1/peering/peer-\(number % 100)?index=500&wait=600s")
    }
    let touched: Set = [PeeringKey(partition: "default", name: "peer-7")]
    #expect(laboratory.network.datacenters[0].watches.awaiting(touched).count == 50)
    let one = try waiting(&laboratory, "/v1/peering/new?index=500&wait=600s")
    _ = one
    #expect(laboratory.network.waitingCount == 5_001)
  }

  @Test func `queries answered early do not pile up in the agenda`() throws {
    var laboratory = Fixture()
    _ = laboratory.generate("foo")
    for number in 0..<2_500 {
      _ = try waiting(&laboratory, "/v1/peerings?index=\(18 + number)&wait=600s")
      _ = laboratory.generate("foo")
      #expect(laboratory.network.takeCompletions().count == 1)
    }
    #expect(laboratory.network.agenda.count < 2_000)
  }
}
