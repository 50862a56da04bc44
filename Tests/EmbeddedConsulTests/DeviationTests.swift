// What is done otherwise than in Consul and no recording shows; the table is Conformance/Deviations.swift.

import Bytes
import Testing

@testable import EmbeddedConsul

@Suite struct DeviationTests {
  @Test func `no token is made for a terminated acceptor, where Consul makes a useless one`() {
    var laboratory = Fixture()
    laboratory.peer()
    laboratory.reply("DELETE", "/v1/peering/to-dc1", at: laboratory.dc2)
    #expect(laboratory.state("to-dc2") == "TERMINATED")
    let index = laboratory.reply("GET", "/v1/peerings").index
    let reply = laboratory.reply("POST", "/v1/peering/token", "{\"PeerName\":\"to-dc2\"}")
    #expect(reply.status == 500)
    #expect(
      reply.text
        == "failed to write peering: peering \"to-dc2\" was terminated by its peer; delete it before "
        + "generating a new peering token")
    #expect(laboratory.reply("GET", "/v1/peerings").index == index)
    laboratory.reply("DELETE", "/v1/peering/to-dc2")
    #expect(
      laboratory.reply("POST", "/v1/peering/token", "{\"PeerName\":\"to-dc2\"}").text
        == "failed to write peering: cannot write to peering that is marked for deletion")
    laboratory.wait(.seconds(1))
    #expect(laboratory.reply("POST", "/v1/peering/token", "{\"PeerName\":\"to-dc2\"}").status == 200)
  }

  @Test func `a bad option ends the request even where the reader is denied`() {
    var laboratory = Fixture(access: .requiring(token: "root", accessorID: "x"))
    for target in ["/v1/peerings?index=abc", "/v1/peering/foo?index=abc", "/v1/peering/foo?index=abc&pretty"]
    {
      let reply = laboratory.reply("GET", target)
      #expect(reply.status == 400)
      #expect(reply.text == "Invalid index")
    }
    #expect(laboratory.reply("DELETE", "/v1/peering/foo?index=abc", token: "root").status == 200)
  }

  @Test func `words of an error in a name do not change its status`() {
    var laboratory = Fixture()
    #expect(laboratory.reply("GET", "/v1/peering/Permission%20denied").status == 404)
    #expect(laboratory.reply("POST", "/v1/peering/token", "{\"PeerName\":\"ACL not found\"}").status == 500)
  }

  @Test func `an empty reply does not echo the request's Content-Type`() {
    var laboratory = Fixture()
    let reply = laboratory.reply(
      "DELETE", "/v1/peering/x", fields: [(name: "Content-Type", value: Array("text/html".utf8))])
    #expect(reply.field("Content-Type") == "application/json")
  }

  @Test func `a reader whose peering vanishes gets 404, not what was there before`() {
    var laboratory = Fixture()
    _ = laboratory.generate("foo")
    laboratory.reply("DELETE", "/v1/peering/foo")
    laboratory.send("GET", "/v1/peering/foo?index=19&wait=60s")
    laboratory.wait(.seconds(1))
    #expect(laboratory.network.takeCompletions().map(\.reply.status) == [404])
  }

  @Test func `a denial is immediate`() {
    var laboratory = Fixture(access: .requiring(token: "root", accessorID: "x"))
    let now = laboratory.network.now
    #expect(laboratory.reply("GET", "/v1/peerings").status == 403)
    #expect(laboratory.network.now == now)
  }

  @Test func `of several bad meta pairs the first by key is named`() {
    var laboratory = Fixture()
    let body = "{\"PeerName\":\"x\",\"Meta\":{\"z \":\"\",\"consul-b\":\"\",\"a\":\"\"}}"
    for _ in 0..<10 {
      #expect(laboratory.reply("POST", "/v1/peering/token", body).text.contains("('consul-b', '')"))
    }
  }
}
