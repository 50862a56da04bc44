// Where a token is taken from.

import Testing

@testable import HTTP
@testable import Peering

struct CredentialTests {
  private func credential(_ fields: String) throws -> String? {
    try request("GET /v1/peerings", fields).credential?.fieldValue.text
  }

  @Test(arguments: [
    "X-Consul-Token: t", "x-consul-token:t", "Authorization: Bearer t", "authorization: bearer t",
    "Authorization: BEARER   t", "X-Consul-Token:\nAuthorization: Bearer t",
    "X-Consul-Token: t\nAuthorization: Bearer t", "X-Consul-Token: t\nAuthorization: Basic dDp0",
    "X-Consul-Token: t\nAuthorization: Bearer", "X-Consul-Token: t\nConnection: X-Consul-Token",
  ])
  func `the token is found`(_ fields: String) throws {
    #expect(try credential(fields) == "t")
  }

  @Test(arguments: [
    "", "X-Consul-Token:", "Authorization: Bearer", "Authorization: Basic dDp0", "Authorization: t",
    "Authorization: Bearert", "Authorization: Token t", "Authorization: Bearer\tt", "X_Consul_Token: t",
    "X-Vault-Token: t", "Cookie: X-Consul-Token=t", "X-Consul-Token: anonymous",
    "Authorization: Bearer anonymous", "Proxy-Authorization: Bearer t",
  ])
  func `there is none`(_ fields: String) throws {
    #expect(try credential(fields) == nil)
  }

  @Test func `a token is taken exactly as it came`() throws {
    #expect(try credential("X-Consul-Token: \"T,t;%41~!\"") == "\"T,t;%41~!\"")
  }

  @Test func `anonymous in another case is a token like any other`() throws {
    #expect(try credential("X-Consul-Token: Anonymous") == "Anonymous")
  }

  @Test func `anonymous beside another token is a choice of two, and refused`() throws {
    for fields in [
      "X-Consul-Token: anonymous\nAuthorization: Bearer t",
      "X-Consul-Token: t\nAuthorization: Bearer anonymous",
    ] {
      let refusal = #expect(throws: Refusal.self) { try credential(fields) }
      #expect(refusal == .credentialsDiffer)
    }
    #expect(try credential("X-Consul-Token: anonymous\nAuthorization: Bearer anonymous") == nil)
  }

  @Test(arguments: [-1, 0, 1]) func `the length of a token`(_ excess: Int) throws {
    let token = String(repeating: "x", count: PeeringLimits.credentialBytes + excess)
    for fields in ["X-Consul-Token: \(token)", "Authorization: Bearer \(token)"] {
      if excess > 0 {
        #expect(throws: Refusal.invalidCredential) { try credential(fields) }
      } else {
        #expect(try credential(fields) == token)
      }
    }
    #expect((Credential(token) == nil) == (excess > 0))
  }

  @Test(arguments: ["", "a b", "a\tb", "é", "a\u{7F}"]) func `a secret that no field can carry is none`(
    _ text: String
  ) {
    #expect(Credential(text) == nil)
  }

  @Test func `the bytes are lent for hashing`() throws {
    let length = try #require(Credential("abc")).withBytes { $0.count }
    #expect(length == 3)
  }
}
