// Tokens made by the gate.
import Bytes
import Digests
import Testing

@testable import Policy

struct NewTokenTests {
  @Test func `the printed block makes the secret a token`() throws {
    let token = try NewToken(
      name: "ci", policies: ["a"], notAfter: try Timestamp(testing: "2027-06-30T00:00:00Z"))
    let set = try policySet(#"policy "a" { peering = "read" }"# + "\n" + PolicyPrinter.text(token.stanza))
    let verdict = Judge.judge(
      try request("GET /v1/peering/x", secret: token.secret), connection: anywhere, policies: set,
      now: LoaderVectors.now)
    #expect(Outcome(consume verdict).subject == "ci")
    #expect(AccessorID(ByteString(token.stanza.accessorID.text)) != nil)
    #expect(AccessorID(ByteString(token.secret)) != nil)
  }

  @Test func `no two are alike, and none shows its secret`() throws {
    let tokens = try (0..<100).map { _ in try NewToken(name: "ci", policies: []) }
    #expect(Set(tokens.map(\.secret)).count == 100)
    #expect(Set(tokens.map(\.stanza.accessorID)).count == 100)
    let token = tokens[0]
    var dumped = ""
    dump(token, to: &dumped)
    for text in ["\(token)", dumped, String(reflecting: token), PolicyPrinter.text(token.stanza)] {
      #expect(!text.contains(token.secret))
    }
  }
}
