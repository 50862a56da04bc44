// Where a peering token can be borrowed, and that it comes to rest nowhere.

import HTTP
import Testing

@testable import Peering

@Suite struct PeeringTokenTests {
  private func copy(_ bytes: Span<UInt8>) -> String {
    var copied: [UInt8] = []
    copied.append(bytes)
    return String(decoding: copied, as: UTF8.self)
  }

  @Test func `establish lends the token that it spends`() throws {
    let request = try request(
      "POST /v1/peering/establish", body: "{\"PeerName\":\"hub\",\"PeeringToken\":\"dG9r\\u0065bg==\"}")
    #expect(request.withPeeringToken { copy($0) } == "dG9rebg==")
    #expect(!"\(request)".contains("dG9r"))
  }

  @Test func `the other operations have none to lend`() throws {
    let request = try request("GET /v1/peering/hub")
    #expect(request.withPeeringToken { copy($0) } == nil)
  }

  @Test(arguments: [
    ("{\"PeeringToken\":\"dG9rZW4=\"}", "dG9rZW4="), ("{\n \"PeeringToken\" : \"a\\u002bb\"\n}\n", "a+b"),
    ("{\"PeeringToken\":\"\"}", ""),
  ])
  func `the reply to generate lends the token it brings`(reply: String, token: String) {
    #expect(GeneratedToken.withBytes(in: reply.utf8.span) { copy($0) } == token)
  }

  @Test(arguments: [
    "", "[]", "{}", "{\"peeringtoken\":\"a\"}", "{\"PeeringToken\":1}", "{\"PeeringToken\":\"a\"", "a",
  ])
  func `what is no such reply has none`(reply: String) {
    #expect(GeneratedToken.withBytes(in: reply.utf8.span) { copy($0) } == nil)
  }
}
