// What one side learns when the other deletes, and the services that both see.

import Bytes
import Testing

@testable import EmbeddedConsul

@Suite struct TerminationTests {
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

  // MARK: termination

  @Test(arguments: [true, false])
  func `deleting one side terminates the other, whichever dialled`(acceptorDeletes: Bool) throws {
    var laboratory = peered()
    laboratory.wait(.seconds(30))
    let (name, id) = acceptorDeletes ? ("to-dc2", laboratory.dc1) : ("to-dc1", laboratory.dc2)
    let (otherName, otherID) = acceptorDeletes ? ("to-dc1", laboratory.dc2) : ("to-dc2", laboratory.dc1)
    let reply = laboratory.reply("DELETE", "/v1/peering/\(name)", at: id)
    #expect(reply.status == 200)
    #expect(reply.body.isEmpty)
    let deleting = laboratory.read(name, at: id)
    #expect(deleting["State"] as? String == "DELETING")
    #expect(deleting["DeletedAt"] as? String == laboratory.network.now.description)
    laboratory.wait(.milliseconds(5))
    #expect(laboratory.reply("GET", "/v1/peering/\(name)", at: id).status == 404)
    let terminated = laboratory.read(otherName, at: otherID)
    #expect(terminated["State"] as? String == "TERMINATED")
    #expect(terminated["DeletedAt"] == nil)
    // It keeps what it knew of the stream, and stays until it is deleted there.
    #expect(stream(&laboratory, otherName, at: otherID)["LastHeartbeat"] is String)
    laboratory.wait(.seconds(3_600))
    #expect(laboratory.state(otherName, at: otherID) == "TERMINATED")
    laboratory.reply("DELETE", "/v1/peering/\(otherName)", at: otherID)
    laboratory.wait(.milliseconds(5))
    #expect(laboratory.reply("GET", "/v1/peering/\(otherName)", at: otherID).status == 404)
  }

  @Test func `after the acceptor deleted, a new token revives the dialer without deleting it`() {
    var laboratory = peered()
    let id = laboratory.read("to-dc1", at: laboratory.dc2)["ID"] as? String
    laboratory.reply("DELETE", "/v1/peering/to-dc2")
    laboratory.wait(.seconds(1))
    laboratory.establish("to-dc1", laboratory.generate("to-dc2"))
    laboratory.wait(.seconds(1))
    #expect(laboratory.state("to-dc2") == "ACTIVE")
    #expect(laboratory.state("to-dc1", at: laboratory.dc2) == "ACTIVE")
    #expect(laboratory.read("to-dc1", at: laboratory.dc2)["ID"] as? String == id)
  }

  @Test func `a deletion that the dialer did not hear of makes it fail for ever`() {
    var laboratory = peered()
    cut(&laboratory)
    laboratory.reply("DELETE", "/v1/peering/to-dc2")
    laboratory.wait(.seconds(1))
    #expect(laboratory.reply("GET", "/v1/peering/to-dc2").status == 404)
    #expect(laboratory.state("to-dc1", at: laboratory.dc2) == "ACTIVE")
    cut(&laboratory, false)
    laboratory.wait(.seconds(3_600))
    #expect(laboratory.state("to-dc1", at: laboratory.dc2) == "FAILING")
  }

  @Test func `a dialer that calls while the acceptor is deleting is told so`() {
    var laboratory = peered()
    laboratory.network.configure(laboratory.dc1) { $0.deletionDelay = .seconds(600) }
    cut(&laboratory)
    laboratory.reply("DELETE", "/v1/peering/to-dc2")
    laboratory.wait(.seconds(130))
    #expect(laboratory.state("to-dc1", at: laboratory.dc2) == "FAILING")
    cut(&laboratory, false)
    laboratory.wait(.seconds(64))
    #expect(laboratory.state("to-dc1", at: laboratory.dc2) == "TERMINATED")
  }

  @Test func `a dialer whose peer lost its secrets fails`() {
    var laboratory = peered()
    cut(&laboratory)
    laboratory.wait(.seconds(200))
    let id = laboratory.read("to-dc2")["ID"] as? String ?? ""
    laboratory.network.datacenters[laboratory.dc1.number].store.terminate(id: ByteString(id))
    cut(&laboratory, false)
    laboratory.wait(.seconds(128))
    #expect(laboratory.state("to-dc1", at: laboratory.dc2) == "FAILING")
    let status = laboratory.network.datacenters[laboratory.dc2.number].statuses.values.first
    #expect(status?.failure == "unable to authorize connection, peering must be re-established")
  }

  // MARK: services

  @Test func `exported services show on both sides and follow their changes`() {
    var laboratory = peered()
    laboratory.wait(.seconds(1))
    laboratory.network.configure(laboratory.dc1) { $0.exportedServices["to-dc2"] = ["web", "api"] }
    #expect(
      stream(&laboratory, "to-dc2", at: laboratory.dc1)["ExportedServices"] as? [String] == ["api", "web"])
    #expect(
      stream(&laboratory, "to-dc1", at: laboratory.dc2)["ImportedServices"] as? [String] == ["api", "web"])
    #expect(
      stream(&laboratory, "to-dc2", at: laboratory.dc1)["LastSend"] as? String
        == laboratory.network.now.description)
    let text = laboratory.reply("GET", "/v1/peering/to-dc2").text
    #expect(text.contains("\"ImportedServices\":null,\"ExportedServices\":[\"api\",\"web\"]"))
    laboratory.network.configure(laboratory.dc1) { $0.exportedServices["to-dc2"] = [] }
    #expect(
      laboratory.reply("GET", "/v1/peering/to-dc1", at: laboratory.dc2).text.contains(
        "\"ImportedServices\":null"))
  }

  @Test func `what changed during a cut arrives with the next stream`() {
    var laboratory = peered()
    cut(&laboratory)
    laboratory.network.configure(laboratory.dc2) { $0.exportedServices["to-dc1"] = ["db"] }
    #expect(stream(&laboratory, "to-dc2", at: laboratory.dc1)["ImportedServices"] is [String] == false)
    laboratory.wait(.seconds(200))
    cut(&laboratory, false)
    laboratory.wait(.seconds(128))
    #expect(stream(&laboratory, "to-dc2", at: laboratory.dc1)["ImportedServices"] as? [String] == ["db"])
  }
}
