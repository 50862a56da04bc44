// Methods, names in paths, formats: what every operation has in common.

import Bytes
import Testing

@testable import EmbeddedConsul

@Suite struct FaceTests {
  @Test(arguments: [
    ("/v1/peering/token", "OPTIONS,POST"), ("/v1/peering/establish", "OPTIONS,POST"),
    ("/v1/peering/foo", "OPTIONS,GET,DELETE"), ("/v1/peering/TOKEN", "OPTIONS,GET,DELETE"),
    ("/v1/peerings", "OPTIONS,GET"),
  ])
  func `other methods are told which there are`(target: String, allowed: String) {
    var laboratory = Fixture(access: .requiring(token: "root", accessorID: "x"))
    for method in ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "TRACE", "CONNECT", "get", "FOO"]
    where !allowed.split(separator: ",").contains(where: { $0 == method }) {
      let reply = laboratory.reply(method, target)
      #expect(reply.status == 405)
      #expect(reply.text == "method \(method) not allowed")
      #expect(reply.field("Allow") == allowed)
    }
    let options = laboratory.reply("OPTIONS", target)
    #expect(options.status == 200)
    #expect(options.field("Allow") == allowed)
    #expect(options.body.isEmpty)
  }

  @Test func `a peering called token is reached by another spelling`() {
    var laboratory = Fixture()
    _ = laboratory.generate("token")
    #expect(laboratory.reply("GET", "/v1/peering/token").status == 405)
    #expect(laboratory.read("TOKEN")["Name"] as? String == "token")
    #expect(laboratory.read("to%E2%84%AAen")["Name"] as? String == "token")
    laboratory.reply("DELETE", "/v1/peering/Token")
    #expect(laboratory.read("TOKEN")["Name"] as? String == "Token")
  }

  @Test(arguments: [
    ("no-such", "\"no-such\""), ("A%22%3Cb%3E", "\"A\\\"<b>\""), ("foo/", "\"foo/\""), ("%C3%A9", "\"é\""),
    ("a%20b", "\"a b\""),
  ])
  func `a missing name is quoted as it was written`(path: String, quoted: String) {
    var laboratory = Fixture()
    let reply = laboratory.reply("GET", "/v1/peering/\(path)")
    #expect(reply.status == 404)
    #expect(reply.text == "Peering not found for \(quoted)")
    #expect(reply.field("Content-Type") == "text/plain; charset=utf-8")
  }

  @Test func `deleting what is not there succeeds and deletes nothing`() {
    var laboratory = Fixture()
    _ = laboratory.generate("foo")
    for path in ["none", "foo/", "Under_Score", "a%2Fb"] {
      let reply = laboratory.reply("DELETE", "/v1/peering/\(path)")
      #expect(reply.status == 200)
      #expect(reply.body.isEmpty)
      #expect(reply.field("Content-Type") == "application/json")
    }
    #expect(laboratory.reply("GET", "/v1/peerings").index == 18)
    for method in ["GET", "DELETE"] {
      #expect(laboratory.reply(method, "/v1/peering/").text == "Must specify a name to fetch.")
    }
  }

  @Test func `what cannot be a path or a query is refused outside the API`() {
    var laboratory = Fixture()
    let unprintable = laboratory.reply("GET", "/v1/peering/a%00")
    #expect(unprintable.status == 400)
    #expect(unprintable.fields.isEmpty)
    #expect(laboratory.reply("GET", "/v1/peering/%ff").status == 500)
    let query = laboratory.reply("GET", "/v1/peerings?a=1;b=2")
    #expect(query.status == 500)
    #expect(query.body.isEmpty)
    #expect(query.field("X-Consul-Default-Acl-Policy") == "allow")
    #expect(laboratory.reply("OPTIONS", "*").status == 200)
    #expect(laboratory.reply("GET", "*").status == 400)
  }

  @Test func `a redirect has a page for readers only and asks nobody for a token`() {
    var laboratory = Fixture(access: .requiring(token: "root", accessorID: "x"))
    let get = laboratory.reply("GET", "/v1/peering?a=1&b='\"<")
    #expect(get.status == 301)
    #expect(get.field("Location") == "/v1/peering/?a=1&b='\"<")
    #expect(get.text == "<a href=\"/v1/peering/?a=1&amp;b=&#39;&#34;&lt;\">Moved Permanently</a>.\n\n")
    #expect(get.field("Vary") == nil)
    let post = laboratory.reply("POST", "/v1/peering//token")
    #expect(post.status == 301)
    #expect(post.body.isEmpty)
    #expect(post.field("Content-Type") == nil)
  }

  @Test func `pretty counts by being there and adds a newline`() {
    var laboratory = Fixture()
    _ = laboratory.generate("foo")
    for query in ["?pretty", "?pretty=false", "?pretty=0"] {
      let text = laboratory.reply("GET", "/v1/peering/foo\(query)").text
      #expect(text.hasPrefix("{\n    \"ID\": \""))
      #expect(text.hasSuffix("\n}\n"))
    }
    #expect(!laboratory.reply("GET", "/v1/peering/foo??pretty").text.contains("\n"))
    #expect(laboratory.reply("GET", "/v1/peerings?pretty").text.hasPrefix("[\n    {\n"))
  }

  @Test func `a fresh acceptor has exactly these members in this order`() {
    var laboratory = Fixture()
    _ = laboratory.generate("foo")
    let id = laboratory.read("foo")["ID"] as? String ?? ""
    #expect(
      laboratory.reply("GET", "/v1/peering/foo").text
        == "{\"ID\":\"\(id)\",\"Name\":\"foo\",\"State\":\"PENDING\","
        + "\"StreamStatus\":{\"ImportedServices\":null,\"ExportedServices\":null,\"LastHeartbeat\":null,"
        + "\"LastReceive\":null,\"LastSend\":null},\"CreateIndex\":18,\"ModifyIndex\":18,"
        + "\"Remote\":{\"Partition\":\"\",\"Datacenter\":\"\"}}")
  }

  @Test func `meta is sorted and escaped as Go escapes`() {
    var laboratory = Fixture()
    laboratory.reply(
      "POST", "/v1/peering/token", "{\"PeerName\":\"foo\",\"Meta\":{\"b\":\"<&>\u{2028}\",\"a\":\"é\\\"\"}}")
    #expect(
      laboratory.reply("GET", "/v1/peering/foo").text
        .contains("\"Meta\":{\"a\":\"é\\\"\",\"b\":\"\\u003c\\u0026\\u003e\\u2028\"}"))
  }

  @Test func `parameters that mean nothing here are ignored`() {
    var laboratory = Fixture()
    _ = laboratory.generate("foo")
    let plain = laboratory.reply("GET", "/v1/peerings").text
    for query in [
      "stale", "cached", "leader", "consistent", "dc=other", "ns=x", "filter=(((", "near=_agent", "hash=x",
      "peer=y",
    ] {
      #expect(laboratory.reply("GET", "/v1/peerings?\(query)").text == plain)
    }
  }
}
