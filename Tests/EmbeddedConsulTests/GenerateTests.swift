// POST /v1/peering/token.

import Bytes
import Testing

@testable import EmbeddedConsul

@Suite struct GenerateTests {
  @Test func `a token tells where and how to dial`() throws {
    var laboratory = Fixture()
    let token = try PeeringToken.decode(ByteString(laboratory.generate("foo")))
    #expect(token.caPems == [Fixture.caPem])
    #expect(token.serverAddresses == ["127.0.0.1:8503"])
    #expect(token.manualServerAddresses == [])
    #expect(token.serverName == "server.dc1.peering.11111111-1111-1111-1111-111111111111.consul")
    #expect(token.peerID.string == laboratory.read("foo")["ID"] as? String)
    #expect(token.establishmentSecret.count == 36)
    #expect(token.remoteDatacenter == "dc1")
    try token.validate()
  }

  @Test func `external addresses are copied unseen and come with the others`() throws {
    var laboratory = Fixture()
    let reply = laboratory.reply(
      "POST", "/v1/peering/token", "{\"PeerName\":\"foo\",\"ServerExternalAddresses\":[\"32.1.2.3\",\"\"]}")
    let token = try PeeringToken.decode(ByteString(reply.json["PeeringToken"] as? String ?? ""))
    #expect(token.manualServerAddresses == ["32.1.2.3", ""])
    #expect(token.serverAddresses == ["127.0.0.1:8503"])
    let refused = laboratory.establish("bar", token.encoded())
    #expect(refused.status == 500)
    #expect(refused.text == "32.1.2.3 is not a valid peering server address")
  }

  @Test func `a second token leaves the peering as it was but for its ModifyIndex`() {
    var laboratory = Fixture()
    laboratory.reply("POST", "/v1/peering/token", "{\"PeerName\":\"foo\",\"Meta\":{\"a\":\"1\"}}")
    let before = laboratory.reply("GET", "/v1/peering/foo").text
    laboratory.reply("POST", "/v1/peering/token", "{\"PeerName\":\"foo\",\"Meta\":{\"a\":\"2\"}}")
    let after = laboratory.reply("GET", "/v1/peering/foo").text
    #expect(before.contains("\"State\":\"PENDING\"") && before.contains("\"ModifyIndex\":18"))
    #expect(after == before.replacing("\"ModifyIndex\":18", with: "\"ModifyIndex\":19"))
  }

  @Test(arguments: [
    ("", 400, "Body decoding failed: EOF"),
    ("abc", 400, "Body decoding failed: invalid character 'a' looking for beginning of value"),
    ("{}", 400, "PeerName is required in the payload when generating a new peering token."),
    (
      "{\"PeerName\":\"a\",\"Namespace\":\"x\"}", 400,
      "Body decoding failed: json: unknown field \"Namespace\""
    ),
    ("{\"PeerName\":\"a\",\"Partition\":\"test\"}", 500, "Partitions are a Consul Enterprise feature"),
    ("{\"PeerName\":\"A\",\"Partition\":\"test\"}", 500, "Partitions are a Consul Enterprise feature"),
    (
      "{\"PeerName\":\"a\",\"Meta\":{\"\":\"\"}}", 500,
      "meta tags failed validation: Couldn't load metadata pair ('', ''): Key cannot be blank"
    ),
  ])
  func `a bad body is refused before anybody asks for rights`(body: String, status: Int, text: String) {
    var laboratory = Fixture(access: .requiring(token: "root", accessorID: "x"))
    let reply = laboratory.reply("POST", "/v1/peering/token", body)
    #expect(reply.status == status)
    #expect(reply.text == text)
    #expect(reply.field("Content-Type") == "text/plain; charset=utf-8")
    #expect(reply.field("X-Consul-Default-Acl-Policy") == "deny")
    #expect(reply.field("Vary") == "Accept-Encoding")
    #expect(reply.index == nil)
  }

  @Test func `the default partition is spelt in any case`() {
    var laboratory = Fixture()
    #expect(
      laboratory.reply("POST", "/v1/peering/token", "{\"PeerName\":\"a\",\"Partition\":\"DeFaUlT\"}").status
        == 200)
  }

  @Test func `a name that dials gets no token`() {
    var laboratory = Fixture()
    laboratory.peer()
    let reply = laboratory.reply("POST", "/v1/peering/token", "{\"PeerName\":\"to-dc1\"}", at: laboratory.dc2)
    #expect(reply.status == 500)
    #expect(
      reply.text == "cannot create peering with name: \"to-dc1\"; there is already an established peering")
  }

  @Test func `with peering off nothing works, anyone who asks`() {
    var laboratory = Fixture(access: .requiring(token: "root", accessorID: "x"))
    laboratory.network.configure(laboratory.dc1) { $0.isPeeringEnabled = false }
    for (method, target, body) in [
      ("POST", "/v1/peering/token", "{\"PeerName\":\"x\"}"),
      ("POST", "/v1/peering/establish", "{\"PeerName\":\"x\",\"PeeringToken\":\"x\"}"),
      ("GET", "/v1/peering/x", ""), ("DELETE", "/v1/peering/x", ""), ("GET", "/v1/peerings", ""),
    ] {
      let reply = laboratory.reply(method, target, body)
      #expect(reply.status == 500)
      #expect(reply.text == "peering must be enabled to use this endpoint")
    }
  }
}
