// POST /v1/peering/establish.

import Bytes
import Testing

@testable import EmbeddedConsul

@Suite struct EstablishTests {
  @Test(arguments: [
    ("", 400, "Body decoding failed: EOF"),
    ("{}", 400, "PeerName is required in the payload when establishing a peering."),
    ("{\"PeerName\":\"x\"}", 400, "PeeringToken is required in the payload when establishing a peering."),
    (
      "{\"PeerName\":\"--AA--\",\"PeeringToken\":\"!\"}", 500,
      "--AA-- is not a valid peer name: a valid peering name must consist of lower case alphanumeric "
        + "characters or '-', and must start and end with an alphanumeric character"
    ),
    (
      "{\"PeerName\":\"x\",\"PeeringToken\":\"!\"}", 500,
      "failed to decode token: illegal base64 data at input byte 0"
    ),
    ("{\"PeerName\":\"x\",\"PeeringToken\":\"e30=\"}", 500, "peering token server addresses value is empty"),
    (
      "{\"PeerName\":\"x\",\"PeeringToken\":\"e30=\",\"ServerExternalAddresses\":[]}", 400,
      "Body decoding failed: json: unknown field \"ServerExternalAddresses\""
    ),
  ])
  func `a bad body is refused in Consul's order`(body: String, status: Int, text: String) {
    var laboratory = Fixture(access: .requiring(token: "root", accessorID: "x"))
    let reply = laboratory.reply("POST", "/v1/peering/establish", body, at: laboratory.dc2)
    #expect(reply.status == status)
    #expect(reply.text == text)
  }

  @Test func `too much meta is found after the token and before the rights`() {
    var laboratory = Fixture()
    let token = laboratory.generate("foo")
    laboratory.network.configure(laboratory.dc2) { $0.access = .requiring(token: "root", accessorID: "x") }
    let reply = laboratory.reply(
      "POST", "/v1/peering/establish",
      "{\"PeerName\":\"x\",\"PeeringToken\":\"\(token)\",\"Meta\":{\"é\":\"\"}}",
      at: laboratory.dc2)
    #expect(reply.status == 500)
    #expect(reply.text.hasPrefix("meta tags failed validation: "))
    #expect(laboratory.establish("x", token).status == 403)
  }

  @Test func `a dialer holds what the token said`() {
    var laboratory = Fixture()
    laboratory.peer()
    let dialer = laboratory.read("to-dc1", at: laboratory.dc2)
    #expect(dialer["PeerID"] as? String == laboratory.read("to-dc2")["ID"] as? String)
    #expect(dialer["PeerCAPems"] as? [String] == [Fixture.caPem.string])
    #expect(dialer["PeerServerAddresses"] as? [String] == ["127.0.0.1:8503"])
    #expect(
      dialer["PeerServerName"] as? String == "server.dc1.peering.11111111-1111-1111-1111-111111111111.consul")
    #expect((dialer["Remote"] as? [String: String])?["Datacenter"] == "dc1")
    let acceptor = laboratory.read("to-dc2")
    #expect((acceptor["Remote"] as? [String: String])?["Datacenter"] == "dc2")
    for member in ["PeerID", "PeerServerName", "PeerServerAddresses", "DeletedAt", "Meta", "Partition"] {
      #expect(acceptor[member] == nil)
    }
  }

  @Test func `the same token twice is refused as Consul refuses it`() {
    var laboratory = Fixture()
    let token = laboratory.generate("to-dc2")
    #expect(laboratory.establish("to-dc1", token).status == 200)
    let again = laboratory.establish("to-dc1", token)
    #expect(again.status == 403)
    #expect(again.text == "a new peering token must be generated: invalid peering establishment secret")
  }

  @Test func `a superseded token is refused and leaves a pending peering behind`() {
    var laboratory = Fixture()
    let old = laboratory.generate("to-dc2")
    let new = laboratory.generate("to-dc2")
    #expect(laboratory.establish("to-dc1", old).status == 403)
    #expect(laboratory.state("to-dc1", at: laboratory.dc2) == "PENDING")
    #expect(laboratory.establish("to-dc1", new).status == 200)
    laboratory.wait(.seconds(1))
    #expect(laboratory.state("to-dc1", at: laboratory.dc2) == "ACTIVE")
  }

  @Test func `a fresh token re-establishes an active peering without breaking its stream`() {
    var laboratory = Fixture()
    laboratory.peer()
    let id = laboratory.read("to-dc1", at: laboratory.dc2)["ID"] as? String
    #expect(laboratory.establish("to-dc1", laboratory.generate("to-dc2")).status == 200)
    #expect(laboratory.state("to-dc1", at: laboratory.dc2) == "ACTIVE")
    #expect(laboratory.state("to-dc2") == "ACTIVE")
    #expect(laboratory.read("to-dc1", at: laboratory.dc2)["ID"] as? String == id)
  }

  @Test func `re-establishing without meta erases it`() {
    var laboratory = Fixture()
    let token = laboratory.generate("to-dc2")
    laboratory.reply(
      "POST", "/v1/peering/establish",
      "{\"PeerName\":\"to-dc1\",\"PeeringToken\":\"\(token)\",\"Meta\":{\"a\":\"1\"}}",
      at: laboratory.dc2)
    #expect(laboratory.read("to-dc1", at: laboratory.dc2)["Meta"] as? [String: String] == ["a": "1"])
    laboratory.establish("to-dc1", laboratory.generate("to-dc2"))
    #expect(laboratory.read("to-dc1", at: laboratory.dc2)["Meta"] == nil)
  }

  @Test func `a cluster does not peer with itself, nor an acceptor's name with anybody`() {
    var laboratory = Fixture()
    let own = laboratory.establish("self", laboratory.generate("foo"), at: laboratory.dc1)
    #expect(own.status == 500)
    #expect(
      own.text == "cannot create a peering within the same cluster "
        + "\"server.dc1.peering.11111111-1111-1111-1111-111111111111.consul\". Refer to the "
        + "`exported-services` documentation if you want to export between partitions without peering")
    #expect(laboratory.reply("GET", "/v1/peering/self").status == 404)
    let other = laboratory.establish("foo", laboratory.generate("x", at: laboratory.dc2), at: laboratory.dc1)
    #expect(
      other.text
        == "cannot create peering with name: \"foo\"; there is an existing peering expecting to be dialed")
  }

  // MARK: a peer that cannot be reached

  private func unreachable(_ laboratory: inout Fixture, _ change: (inout PeeringToken) -> Void) throws
    -> ConsulResponse
  {
    var token = try PeeringToken.decode(ByteString(laboratory.generate("foo")))
    change(&token)
    let body = "{\"PeerName\":\"bar\",\"PeeringToken\":\"\(token.encoded())\"}"
    guard case .waiting(let wait) = laboratory.send("POST", "/v1/peering/establish", body, at: laboratory.dc2)
    else { return ConsulResponse(status: 0) }
    laboratory.wait(.milliseconds(2_999))
    #expect(laboratory.network.takeCompletions().isEmpty)
    laboratory.wait(.milliseconds(1))
    let completions = laboratory.network.takeCompletions()
    #expect(completions.map(\.wait) == [wait])
    #expect(laboratory.state("bar", at: laboratory.dc2) == "PENDING")
    return try #require(completions.first).reply
  }

  @Test func `an address where nobody listens is tried for three seconds, then 503 says so`() throws {
    var laboratory = Fixture()
    let reply = try unreachable(&laboratory) { $0.serverAddresses = ["127.0.0.1:1"] }
    #expect(reply.status == 503)
    #expect(reply.text.contains("127.0.0.1:1"))
    #expect(reply.text.contains("connection refused"))
    #expect(reply.text.contains("errors occurred:\n\t* "))
    #expect(reply.field("X-Consul-Default-Acl-Policy") == "allow")
    let tries = reply.text.split(separator: "\t*").count - 1
    #expect((16...21).contains(tries))
  }

  @Test func `a peer with another name or another CA is not talked to`() throws {
    var laboratory = Fixture()
    #expect(
      try unreachable(&laboratory) { $0.serverName = "server.dc3.peering.x.consul" }.text.contains(
        "certificate is valid for"))
    let ca = ByteString(Fixture.caPem.string.replacing("MAMCAQE=", with: "MAMCAQk="))
    #expect(try unreachable(&laboratory) { $0.caPems = [ca] }.text.contains("unknown authority"))
  }

  @Test func `a link that heals in time lets the establish succeed`() {
    var laboratory = Fixture()
    let token = laboratory.generate("to-dc2")
    laboratory.network.setLink(between: laboratory.dc1, and: laboratory.dc2, isUp: false)
    let body = "{\"PeerName\":\"to-dc1\",\"PeeringToken\":\"\(token)\"}"
    guard case .waiting(let wait) = laboratory.send("POST", "/v1/peering/establish", body, at: laboratory.dc2)
    else { return #expect(Bool(false)) }
    laboratory.wait(.seconds(1))
    laboratory.network.setLink(between: laboratory.dc1, and: laboratory.dc2, isUp: true)
    laboratory.wait(.milliseconds(300))
    let completions = laboratory.network.takeCompletions()
    #expect(completions.map(\.wait) == [wait])
    #expect(completions.first?.reply.status == 200)
    laboratory.wait(.seconds(1))
    #expect(laboratory.state("to-dc2") == "ACTIVE")
  }

  @Test func `the second address is tried when the first does not answer`() throws {
    var laboratory = Fixture()
    var token = try PeeringToken.decode(ByteString(laboratory.generate("to-dc2")))
    token.manualServerAddresses = ["127.0.0.1:1"]
    laboratory.send(
      "POST", "/v1/peering/establish", "{\"PeerName\":\"to-dc1\",\"PeeringToken\":\"\(token.encoded())\"}",
      at: laboratory.dc2)
    laboratory.wait(.milliseconds(300))
    #expect(laboratory.network.takeCompletions().first?.reply.status == 200)
  }

  @Test func `a client that leaves ends its attempt`() {
    var laboratory = Fixture()
    laboratory.network.setLink(between: laboratory.dc1, and: laboratory.dc2, isUp: false)
    let token = laboratory.generate("to-dc2")
    guard
      case .waiting(let wait) = laboratory.send(
        "POST", "/v1/peering/establish", "{\"PeerName\":\"to-dc1\",\"PeeringToken\":\"\(token)\"}",
        at: laboratory.dc2)
    else { return #expect(Bool(false)) }
    laboratory.network.cancel(wait)
    laboratory.network.setLink(between: laboratory.dc1, and: laboratory.dc2, isUp: true)
    laboratory.wait(.seconds(10))
    #expect(laboratory.network.takeCompletions().isEmpty)
    #expect(laboratory.state("to-dc1", at: laboratory.dc2) == "PENDING")
  }

  @Test func `a peering deleted during the exchange is not revived`() {
    var laboratory = Fixture()
    laboratory.network.setLink(between: laboratory.dc1, and: laboratory.dc2, isUp: false)
    let token = laboratory.generate("to-dc2")
    laboratory.send(
      "POST", "/v1/peering/establish", "{\"PeerName\":\"to-dc1\",\"PeeringToken\":\"\(token)\"}",
      at: laboratory.dc2)
    laboratory.wait(.seconds(1))
    laboratory.reply("DELETE", "/v1/peering/to-dc1", at: laboratory.dc2)
    laboratory.network.setLink(between: laboratory.dc1, and: laboratory.dc2, isUp: true)
    laboratory.wait(.seconds(1))
    let reply = laboratory.network.takeCompletions().first?.reply
    #expect(reply?.status == 500)
    #expect(reply?.text == "failed to write peering: cannot write to peering that is marked for deletion")
    #expect(laboratory.reply("GET", "/v1/peering/to-dc1", at: laboratory.dc2).status == 404)
  }
}
