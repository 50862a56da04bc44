// Where a token may stand, which one counts, and how a denial reads.

import Bytes
import Testing

@testable import EmbeddedConsul

@Suite struct AccessTests {
  private static let anonymous =
    "The anonymous token is used implicitly when a request does not specify a token."

  private func laboratory() -> Fixture {
    Fixture(
      access: .granting([
        "writer": .init(accessorID: "w-id", level: .write), "reader": .init(accessorID: "r-id", level: .read),
        "nothing": .init(accessorID: "n-id", level: .none),
      ]))
  }

  private func outcome(_ query: String, _ lines: [String]) -> String {
    let fields = lines.map { line in
      let name = line.prefix { $0 != ":" }
      return (name: ByteString(name), value: Array(line.dropFirst(name.count + 2).utf8))
    }
    var laboratory = laboratory()
    let reply = laboratory.reply(
      "POST", "/v1/peering/token\(query)", "{\"PeerName\":\"x\"}",
      fields: fields)
    if reply.status == 200 { return "writer" }
    if reply.text == "ACL not found" { return "unknown" }
    if reply.text.contains("'r-id'") { return "reader" }
    return reply.text.contains(AccessTests.anonymous) ? "anonymous" : "\(reply.status) \(reply.text)"
  }

  /// A query, header lines and whose rights they give.
  struct Placement: Sendable, CustomTestStringConvertible {
    let query: String
    let lines: [String]
    let result: String

    init(_ query: String, _ lines: [String], _ result: String) {
      self.query = query
      self.lines = lines
      self.result = result
    }

    var testDescription: String { "\(query) \(lines) → \(result)" }
  }

  static let placements: [Placement] = [
    Placement("", ["X-Consul-Token: writer"], "writer"),
    Placement("", ["x-consul-token: writer"], "writer"),
    Placement("", ["Authorization: Bearer writer"], "writer"),
    Placement("", ["Authorization: bearer  writer more"], "writer"),
    Placement("", ["Authorization: BEARER writer"], "writer"),
    Placement("?token=writer", [], "writer"),
    Placement("?%74oken=%77riter", [], "writer"),
    Placement("", ["X-Consul-Token: writer", "Authorization: Bearer unknown"], "writer"),
    Placement("", ["X-Consul-Token: unknown", "Authorization: Bearer writer"], "unknown"),
    Placement("", ["Authorization: Bearer writer", "X-Consul-Token: unknown"], "unknown"),
    Placement("", ["X-Consul-Token: ", "Authorization: Bearer writer"], "writer"),
    Placement("", ["X-Consul-Token: ", "X-Consul-Token: writer"], "anonymous"),
    Placement("", ["X-Consul-Token: ", "X-Consul-Token: writer", "Authorization: Bearer reader"], "reader"),
    Placement("", ["X-Consul-Token: writer, unknown"], "unknown"),
    Placement("", ["Authorization: Bearer"], "anonymous"),
    Placement("", ["Authorization: Bearerwriter"], "anonymous"),
    Placement("", ["Authorization: Bearer\twriter"], "anonymous"),
    Placement("", ["Authorization: writer"], "anonymous"),
    Placement("", ["Authorization: Basic d3JpdGVyOg=="], "anonymous"),
    Placement("", ["Authorization: Basic x", "Authorization: Bearer writer"], "anonymous"),
    Placement("", ["X-Consul-Token: WRITER"], "unknown"),
    Placement("", ["X-Consul-Token: anonymous"], "anonymous"),
    Placement("", ["Cookie: token=writer", "X-Vault-Token: writer"], "anonymous"),
    Placement("?Token=writer", [], "anonymous"),
    Placement("?token=&token=writer", [], "anonymous"),
    Placement("?token=", ["X-Consul-Token: writer"], "writer"),
    Placement("", ["X-Consul-Token: allow"], "500 Cannot resolve root ACL"),
    Placement(
      "", ["X-Consul-Token: caf\u{E9}"],
      "500 header key \"x-consul-token\" contains value with non-printable ASCII characters"),
  ]

  @Test(arguments: placements)
  func `one place counts and the rest is not looked at`(placement: Placement) {
    #expect(outcome(placement.query, placement.lines) == placement.result)
  }

  @Test(arguments: [
    ("POST", "/v1/peering/token", "{\"PeerName\":\"x\"}", "peering:write"),
    ("DELETE", "/v1/peering/x", "", "peering:write"), ("GET", "/v1/peering/x", "", "peering:read"),
    ("GET", "/v1/peerings", "", "peering:read"),
  ])
  func `each operation needs its level and says which`(
    method: String, target: String, body: String, needed: String
  ) {
    var laboratory = laboratory()
    let anonymous = laboratory.reply(method, target, body)
    #expect(anonymous.status == 403)
    #expect(
      anonymous.text
        == "Permission denied: anonymous token lacks permission '\(needed)'. \(AccessTests.anonymous)")
    let nothing = laboratory.reply(method, target, body, token: "nothing")
    #expect(nothing.status == 403)
    #expect(nothing.text == "Permission denied: token with AccessorID 'n-id' lacks permission '\(needed)'")
    #expect(laboratory.reply(method, target, body, token: "gone").text == "ACL not found")
    #expect(
      (laboratory.reply(method, target, body, token: "reader").status == 403) == (needed == "peering:write"))
    #expect(laboratory.reply(method, target, body, token: "writer").status != 403)
  }

  @Test func `a denied reader cannot tell a missing peering from one that is there`() {
    var laboratory = laboratory()
    laboratory.reply("POST", "/v1/peering/token", "{\"PeerName\":\"foo\"}", token: "writer")
    #expect(
      laboratory.reply("GET", "/v1/peering/foo").text == laboratory.reply("GET", "/v1/peering/none").text)
    #expect(
      laboratory.reply("DELETE", "/v1/peering/foo").text
        == laboratory.reply("DELETE", "/v1/peering/none").text)
  }

  @Test func `without access control any token and none will do`() {
    var laboratory = Fixture()
    let reply = laboratory.reply("GET", "/v1/peerings", token: "whatever")
    #expect(reply.status == 200)
    #expect(reply.field("X-Consul-Default-Acl-Policy") == "allow")
  }

  @Test func `a single required token opens everything and nothing else does`() {
    var laboratory = Fixture(access: .requiring(token: "root", accessorID: "id"))
    #expect(
      laboratory.reply("POST", "/v1/peering/token", "{\"PeerName\":\"x\"}", token: "root").status == 200)
    #expect(laboratory.reply("GET", "/v1/peerings", token: "roo").status == 403)
    #expect(laboratory.reply("OPTIONS", "/v1/peerings").status == 200)
    #expect(!"\(AccessControl.requiring(token: "root", accessorID: "id"))".contains("root"))
  }
}
