// Admin partitions in the Enterprise shape, and their refusal in the community's.

import Bytes
import Testing

@testable import EmbeddedConsul

@Suite struct PartitionTests {
  private func generate(
    _ laboratory: inout Fixture, _ name: String, _ query: String = "", body: String = ""
  ) -> ConsulResponse {
    laboratory.reply("POST", "/v1/peering/token\(query)", "{\"PeerName\":\"\(name)\"\(body)}")
  }

  private func names(_ laboratory: inout Fixture, _ query: String = "") -> [String] {
    laboratory.reply("GET", "/v1/peerings\(query)").list.map {
      "\($0["Partition"] as? String ?? "?")/\($0["Name"] as? String ?? "?")"
    }
  }

  @Test func `each partition has peerings of its own`() {
    var laboratory = Fixture(edition: .enterprise)
    #expect(generate(&laboratory, "foo").status == 200)
    #expect(generate(&laboratory, "foo", "?partition=eu").status == 200)
    #expect(generate(&laboratory, "bar", body: ",\"Partition\":\"EU\"").status == 200)
    #expect(names(&laboratory) == ["default/foo"])
    #expect(names(&laboratory, "?partition=default") == ["default/foo"])
    #expect(names(&laboratory, "?partition=") == ["default/foo"])
    #expect(names(&laboratory, "?partition=eu") == ["eu/bar", "eu/foo"])
    #expect(Set(names(&laboratory, "?partition=*")) == ["default/foo", "eu/bar", "eu/foo"])
    #expect(names(&laboratory, "?partition=us") == [])
    #expect(laboratory.reply("GET", "/v1/peering/bar").status == 404)
    #expect(laboratory.reply("GET", "/v1/peering/bar?partition=eu").status == 200)
  }

  @Test func `the field counts where the query is silent, and the body before both`() {
    var laboratory = Fixture(edition: .enterprise)
    let eu = [(name: "X-Consul-Partition" as ByteString, value: Array("eu".utf8))]
    laboratory.reply("POST", "/v1/peering/token", "{\"PeerName\":\"a\"}", fields: eu)
    laboratory.reply("POST", "/v1/peering/token?partition=us", "{\"PeerName\":\"b\"}", fields: eu)
    laboratory.reply(
      "POST", "/v1/peering/token?partition=us", "{\"PeerName\":\"c\",\"Partition\":\"eu\"}", fields: eu)
    #expect(names(&laboratory, "?partition=eu") == ["eu/a", "eu/c"])
    #expect(names(&laboratory, "?partition=us") == ["us/b"])
  }

  @Test func `Partition stands after Name and the remote tells the other side's`() throws {
    var laboratory = Fixture(edition: .enterprise)
    let token = generate(&laboratory, "foo", "?partition=eu").json["PeeringToken"] as? String ?? ""
    #expect(try PeeringToken.decode(ByteString(token)).remotePartition == "eu")
    laboratory.establish("bar", token)
    laboratory.wait(.seconds(1))
    let text = laboratory.reply("GET", "/v1/peering/foo?partition=eu").text
    #expect(text.contains("\"Name\":\"foo\",\"Partition\":\"eu\",\"State\":\"ACTIVE\""))
    #expect(text.contains("\"Remote\":{\"Partition\":\"default\",\"Datacenter\":\"dc2\"}"))
    #expect(
      laboratory.reply("GET", "/v1/peering/bar", at: laboratory.dc2).text
        .contains("\"Remote\":{\"Partition\":\"eu\",\"Datacenter\":\"dc1\"}"))
  }

  @Test func `a change in one partition wakes no list of another`() throws {
    var laboratory = Fixture(edition: .enterprise)
    _ = generate(&laboratory, "foo")
    guard case .waiting = laboratory.send("GET", "/v1/peerings?index=18&wait=60s"),
      case .waiting(let all) = laboratory.send("GET", "/v1/peerings?index=18&wait=60s&partition=*"),
      case .waiting(let eu) = laboratory.send("GET", "/v1/peerings?index=18&wait=60s&partition=eu")
    else { return #expect(Bool(false)) }
    _ = generate(&laboratory, "foo", "?partition=eu")
    #expect(laboratory.network.takeCompletions().map(\.wait) == [all, eu])
    #expect(laboratory.reply("GET", "/v1/peerings").index == 18)
  }

  @Test func `a deletion stays in its partition`() {
    var laboratory = Fixture(edition: .enterprise)
    _ = generate(&laboratory, "foo")
    _ = generate(&laboratory, "foo", "?partition=eu")
    laboratory.reply("DELETE", "/v1/peering/foo?partition=eu")
    laboratory.wait(.seconds(1))
    #expect(names(&laboratory, "?partition=*") == ["default/foo"])
  }

  @Test func `partitions of one cluster do not peer with each other`() {
    var laboratory = Fixture(edition: .enterprise)
    let token = generate(&laboratory, "foo", "?partition=eu").json["PeeringToken"] as? String ?? ""
    #expect(
      laboratory.establish("bar", token, at: laboratory.dc1).text.hasPrefix(
        "cannot create a peering within the same cluster"))
  }

  @Test(arguments: ["default", "foo", "*"])
  func `the community edition refuses the parameter, whatever it says`(partition: String) {
    var laboratory = Fixture()
    for (method, target) in [
      ("POST", "/v1/peering/token"), ("POST", "/v1/peering/establish"), ("GET", "/v1/peering/x"),
      ("DELETE", "/v1/peering/x"), ("GET", "/v1/peerings"),
    ] {
      let body = "{\"PeerName\":\"x\",\"PeeringToken\":\"x\"}"
      let usable = target.hasSuffix("token") ? "{\"PeerName\":\"x\"}" : body
      let query = laboratory.reply(method, "\(target)?partition=\(partition)", usable)
      #expect(query.status == 400)
      #expect(
        query.text == "Invalid query parameter: \"partition\" - Partitions are a Consul Enterprise feature")
      let field = laboratory.reply(
        method, target, usable,
        fields: [(name: "X-Consul-Partition" as ByteString, value: Array(partition.utf8))])
      #expect(field.status == 400)
      #expect(
        field.text == "Invalid header: \"X-Consul-Partition\" - Partitions are a Consul Enterprise feature")
    }
    #expect(laboratory.reply("GET", "/v1/peerings?partition=").status == 200)
  }

  @Test func `the community edition takes any partition in an establish and ignores it`() {
    var laboratory = Fixture()
    let token = laboratory.generate("foo")
    let reply = laboratory.reply(
      "POST", "/v1/peering/establish",
      "{\"PeerName\":\"bar\",\"PeeringToken\":\"\(token)\",\"Partition\":\"x\"}",
      at: laboratory.dc2)
    #expect(reply.status == 200)
    #expect(laboratory.read("bar", at: laboratory.dc2)["Name"] as? String == "bar")
  }
}
