// What the record may say of a peering token.

import Bytes
import Digests
import Testing

@testable import Peering

@Suite struct PeeringTokenFactsTests {
  private static let whole = """
    {"CA":["-----BEGIN CERTIFICATE-----\\nAAEC\\n-----END CERTIFICATE-----\\n"],"ManualServerAddresses":["lb:8503"],\
    "ServerAddresses":["10.0.0.1:8503"],"ServerName":"server.dc1.peering.x.consul","PeerID":"id-1",\
    "EstablishmentSecret":"s3cret","Remote":{"Partition":"eu","Datacenter":"dc1","Locality":{"Region":"r"}}}
    """

  private func read(_ json: String) -> PeeringTokenFacts? {
    PeeringTokenFacts(Base64.encode(json.utf8.span).utf8.span)
  }

  @Test func `all that is no secret is told`() throws {
    let facts = try #require(read(Self.whole))
    #expect(facts.datacenter == "dc1" && facts.partition == "eu")
    #expect(facts.serverName == "server.dc1.peering.x.consul" && facts.peerID == "id-1")
    #expect(facts.addresses == ["lb:8503", "10.0.0.1:8503"] && facts.moreAddresses == 0)
    #expect(facts.authorityDigests == [SHA256.digest(of: Array<UInt8>([0, 1, 2]).span).hexadecimal])
    #expect(!"\(facts)".contains("s3cret"))
  }

  @Test func `a secret in another place is hidden there`() throws {
    let facts = try #require(
      read(#"{"PeerID":"s3cret","ServerAddresses":["s3cret"],"EstablishmentSecret":"s3cret"}"#))
    #expect(facts.peerID == "<hidden>" && facts.addresses == ["<hidden>"])
  }

  @Test(arguments: [
    "", "x", "[]", "null", "\"a\"", "{", #"{"peerID":"a"}"#, #"{"PEERID":"a"}"#,
    #"{"PeerID":"a","PeerID":"b"}"#,
    #"{"\u017FerverName":"a"}"#, #"{"Remote":{"datacenter":"a"}}"#, #"{"Remote":[]}"#, "{} {}",
  ])
  func `what Go might read differently is unclear`(json: String) {
    #expect(read(json) == nil, "\(json)")
  }

  @Test func `what is no base64 is unclear`() {
    for text in ["", "not base64!", "e30", "e30=\u{0}"] { #expect(PeeringTokenFacts(text.utf8.span) == nil) }
    #expect(PeeringTokenFacts("e30=".utf8.span) != nil)
  }

  @Test(arguments: [
    PeeringLimits.tokenAddresses - 1, PeeringLimits.tokenAddresses, PeeringLimits.tokenAddresses + 1,
  ])
  func `addresses beyond the limit are counted`(count: Int) throws {
    let list = (0..<count).map { "\"a\($0):1\"" }.joined(separator: ",")
    let facts = try #require(read("{\"ServerAddresses\":[\(list)]}"))
    #expect(facts.addresses.count == min(count, PeeringLimits.tokenAddresses))
    #expect(facts.moreAddresses == max(0, count - PeeringLimits.tokenAddresses))
  }

  @Test(arguments: [
    PeeringLimits.tokenAuthorities - 1, PeeringLimits.tokenAuthorities, PeeringLimits.tokenAuthorities + 1,
  ])
  func `of certificates the first are told`(count: Int) throws {
    let list = Array(repeating: "\"no certificate\"", count: count).joined(separator: ",")
    let facts = try #require(read("{\"CA\":[\(list)]}"))
    #expect(facts.authorityDigests.count == min(count, PeeringLimits.tokenAuthorities))
    #expect(facts.authorityDigests.allSatisfy { $0 == "invalid" })
  }

  @Test func `a token over the limit is not looked into`() {
    let padding = String(repeating: " ", count: PeeringLimits.tokenBytes / 4 * 3)
    #expect(read("{}" + padding.dropLast(2)) != nil)
    #expect(read("{}" + padding) == nil)
  }
}
