// From a token to two ACTIVE peerings and back to nothing.

import Bytes
import Testing

@testable import EmbeddedConsul

@Suite struct LifeCycleTests {
  @Test func `a token of one datacenter makes both sides active`() {
    var laboratory = Fixture()
    let token = laboratory.generate("to-dc2")
    #expect(laboratory.state("to-dc2") == "PENDING")
    let reply = laboratory.establish("to-dc1", token)
    #expect(reply.status == 200)
    #expect(reply.text == "{}")
    #expect(laboratory.state("to-dc1", at: laboratory.dc2) == "ESTABLISHING")
    laboratory.wait(.milliseconds(100))
    #expect(laboratory.state("to-dc2") == "ACTIVE")
    #expect(laboratory.state("to-dc1", at: laboratory.dc2) == "ACTIVE")
  }

  @Test func `a deleted side is gone and the other is terminated`() {
    var laboratory = Fixture()
    laboratory.peer()
    #expect(laboratory.reply("DELETE", "/v1/peering/to-dc2").status == 200)
    #expect(laboratory.state("to-dc2") == "DELETING")
    laboratory.wait(.milliseconds(10))
    #expect(laboratory.reply("GET", "/v1/peering/to-dc2").status == 404)
    #expect(laboratory.state("to-dc1", at: laboratory.dc2) == "TERMINATED")
  }
}
