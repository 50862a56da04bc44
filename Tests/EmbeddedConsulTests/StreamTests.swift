// Heartbeats, silence, stops and restarts: two datacenters on simulated time.

import Bytes
import Testing

@testable import EmbeddedConsul

@Suite struct StreamTests {
  private func peered() -> Fixture {
    var laboratory = Fixture()
    laboratory.peer()
    return laboratory
  }

  private func stream(_ laboratory: inout Fixture, _ name: String, at id: PeeringNetwork.DatacenterID)
    -> [String: Any]
  {
    laboratory.read(name, at: id)["StreamStatus"] as? [String: Any] ?? [:]
  }

  private func cut(_ laboratory: inout Fixture, _ isCut: Bool = true) {
    laboratory.network.setLink(between: laboratory.dc1, and: laboratory.dc2, isUp: !isCut)
  }

  // MARK: heartbeats

  @Test func `no heartbeat is known until the first one, fifteen seconds on`() {
    var laboratory = peered()
    let opened = laboratory.network.now
    let fresh = stream(&laboratory, "to-dc2", at: laboratory.dc1)
    #expect(fresh["LastHeartbeat"] is String == false)
    #expect(fresh["LastReceive"] as? String == opened.description)
    #expect(fresh["LastSend"] as? String == opened.description)
    laboratory.wait(.milliseconds(14_999))
    #expect(stream(&laboratory, "to-dc1", at: laboratory.dc2)["LastHeartbeat"] is String == false)
    laboratory.wait(.milliseconds(1))
    for (name, id) in [("to-dc2", laboratory.dc1), ("to-dc1", laboratory.dc2)] {
      let status = stream(&laboratory, name, at: id)
      #expect(status["LastHeartbeat"] as? String == (opened + .seconds(15)).description)
      #expect(status["LastReceive"] as? String == status["LastHeartbeat"] as? String)
      #expect(status["LastSend"] as? String == opened.description)
    }
    laboratory.wait(.seconds(3_600))
    #expect(laboratory.state("to-dc2") == "ACTIVE")
    #expect(
      stream(&laboratory, "to-dc2", at: laboratory.dc1)["LastHeartbeat"] as? String
        == (opened + .seconds(3_615)).description)
  }

  @Test func `silence for the timeout makes both sides fail, and not a moment earlier`() {
    var laboratory = peered()
    cut(&laboratory)
    laboratory.wait(.milliseconds(119_999))
    #expect(laboratory.state("to-dc2") == "ACTIVE")
    #expect(laboratory.state("to-dc1", at: laboratory.dc2) == "ACTIVE")
    laboratory.wait(.milliseconds(1))
    #expect(laboratory.state("to-dc2") == "FAILING")
    #expect(laboratory.state("to-dc1", at: laboratory.dc2) == "FAILING")
  }

  @Test func `a short cut goes unnoticed`() {
    var laboratory = peered()
    cut(&laboratory)
    laboratory.wait(.seconds(100))
    cut(&laboratory, false)
    laboratory.wait(.seconds(600))
    #expect(laboratory.state("to-dc2") == "ACTIVE")
    #expect(laboratory.state("to-dc1", at: laboratory.dc2) == "ACTIVE")
  }

  @Test func `after a long cut the dialer comes back by itself`() {
    var laboratory = peered()
    cut(&laboratory)
    laboratory.wait(.seconds(300))
    #expect(laboratory.state("to-dc2") == "FAILING")
    cut(&laboratory, false)
    laboratory.wait(.seconds(128))
    #expect(laboratory.state("to-dc2") == "ACTIVE")
    #expect(laboratory.state("to-dc1", at: laboratory.dc2) == "ACTIVE")
  }

  @Test func `the timeout is the settings'`() {
    var laboratory = Fixture()
    for id in [laboratory.dc1, laboratory.dc2] {
      laboratory.network.configure(id) {
        $0.heartbeatInterval = .seconds(1)
        $0.heartbeatTimeout = .seconds(4)
      }
    }
    laboratory.peer()
    laboratory.wait(.seconds(60))
    #expect(laboratory.state("to-dc2") == "ACTIVE")
    laboratory.network.stop(laboratory.dc2)
    laboratory.wait(.seconds(5))
    #expect(laboratory.state("to-dc2") == "FAILING")
    laboratory.network.restart(laboratory.dc2)
    laboratory.wait(.seconds(1))
    #expect(laboratory.state("to-dc2") == "ACTIVE")
  }

  // MARK: redialling

  @Test func `a dialer that finds nobody waits longer each time, up to a minute`() {
    var laboratory = peered()
    cut(&laboratory)
    laboratory.wait(.seconds(120))
    var dials: [Timestamp] = []
    for _ in 0..<9 {
      while let due = laboratory.network.nextDeadline {
        let failures = laboratory.network.datacenters[laboratory.dc2.number].dialFailures.values.first ?? 0
        laboratory.network.advance(to: due)
        if laboratory.network.datacenters[laboratory.dc2.number].dialFailures.values.first ?? 0 > failures {
          break
        }
      }
      dials.append(laboratory.network.now)
    }
    let pauses = zip(dials, dials.dropFirst()).map { $1 - $0 }
    #expect(pauses == [4, 8, 16, 32, 64, 64, 64, 64].map { Duration.seconds($0) })
  }

  @Test func `a dialer that never met its peer stays establishing`() {
    var laboratory = Fixture()
    laboratory.establish("to-dc1", laboratory.generate("to-dc2"))
    cut(&laboratory)
    laboratory.wait(.seconds(600))
    #expect(laboratory.state("to-dc1", at: laboratory.dc2) == "ESTABLISHING")
    #expect(laboratory.state("to-dc2") == "PENDING")
    cut(&laboratory, false)
    laboratory.wait(.seconds(64))
    #expect(laboratory.state("to-dc2") == "ACTIVE")
  }

  // MARK: stop and restart

  @Test func `a stopped acceptor is missed after the timeout and greeted when it is back`() {
    var laboratory = peered()
    laboratory.network.stop(laboratory.dc1)
    #expect(!laboratory.network.isRunning(laboratory.dc1))
    laboratory.wait(.seconds(119))
    #expect(laboratory.state("to-dc1", at: laboratory.dc2) == "ACTIVE")
    laboratory.wait(.seconds(60))
    #expect(laboratory.state("to-dc1", at: laboratory.dc2) == "FAILING")
    laboratory.network.restart(laboratory.dc1)
    #expect(laboratory.state("to-dc2") == "PENDING")
    laboratory.wait(.seconds(128))
    #expect(laboratory.state("to-dc2") == "ACTIVE")
    #expect(laboratory.state("to-dc1", at: laboratory.dc2) == "ACTIVE")
  }

  @Test func `a quick restart of the acceptor shows at the next heartbeat and heals`() {
    var laboratory = peered()
    laboratory.network.stop(laboratory.dc1)
    laboratory.network.restart(laboratory.dc1)
    #expect(laboratory.state("to-dc2") == "PENDING")
    laboratory.wait(.seconds(15))
    #expect(laboratory.state("to-dc1", at: laboratory.dc2) == "FAILING")
    laboratory.wait(.seconds(2))
    #expect(laboratory.state("to-dc2") == "ACTIVE")
    #expect(laboratory.state("to-dc1", at: laboratory.dc2) == "ACTIVE")
  }

  @Test func `a restarted dialer forgets the times, finds its old stream in the way, and connects again`() {
    var laboratory = peered()
    laboratory.wait(.seconds(20))
    laboratory.network.stop(laboratory.dc2)
    laboratory.network.restart(laboratory.dc2)
    #expect(stream(&laboratory, "to-dc1", at: laboratory.dc2)["LastHeartbeat"] is String == false)
    laboratory.wait(.seconds(3))
    #expect(laboratory.state("to-dc2") == "ACTIVE")
    #expect(laboratory.state("to-dc1", at: laboratory.dc2) == "ACTIVE")
  }

  @Test func `a stopped datacenter has no leader and abandons its waiting queries`() {
    var laboratory = peered()
    let index = laboratory.reply("GET", "/v1/peerings").index ?? 0
    guard case .waiting(let wait) = laboratory.send("GET", "/v1/peerings?index=\(index)") else {
      return #expect(Bool(false))
    }
    laboratory.network.stop(laboratory.dc1)
    let completions = laboratory.network.takeCompletions()
    #expect(completions.map(\.wait) == [wait])
    #expect(completions.first?.reply.status == 500)
    #expect(laboratory.reply("GET", "/v1/peerings").text == "No cluster leader")
    #expect(laboratory.reply("POST", "/v1/peering/token", "{").text == "Body decoding failed: unexpected EOF")
    #expect(laboratory.reply("OPTIONS", "/v1/peerings").status == 200)
    #expect(laboratory.network.waitingCount == 0)
  }

  @Test func `a deletion interrupted by a stop is finished after the restart`() {
    var laboratory = peered()
    laboratory.reply("DELETE", "/v1/peering/to-dc2")
    laboratory.network.stop(laboratory.dc1)
    laboratory.wait(.seconds(10))
    laboratory.network.restart(laboratory.dc1)
    #expect(
      laboratory.state("to-dc2") == "DELETING" || laboratory.reply("GET", "/v1/peering/to-dc2").status == 404)
    laboratory.wait(.milliseconds(1))
    #expect(laboratory.reply("GET", "/v1/peering/to-dc2").status == 404)
  }
}
