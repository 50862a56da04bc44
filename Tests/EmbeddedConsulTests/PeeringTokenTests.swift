// Tokens: what is in them and what is refused.

import Bytes
import Testing

@testable import EmbeddedConsul

@Suite struct PeeringTokenTests {
  private static let valid = PeeringToken(
    caPems: [Fixture.caPem], manualServerAddresses: [], serverAddresses: ["127.0.0.1:8503"],
    serverName: "server.dc1.peering.x.consul", peerID: "id", establishmentSecret: "secret",
    remotePartition: "",
    remoteDatacenter: "dc1")

  private func fault(_ change: (inout PeeringToken) -> Void) -> String {
    var token = PeeringTokenTests.valid
    change(&token)
    do {
      try token.validate()
      return "accepted"
    } catch {
      return error.text
    }
  }

  @Test func `what is encoded is decoded, in Consul's order of members`() throws {
    let text = PeeringTokenTests.valid.encoded()
    #expect(try PeeringToken.decode(ByteString(text)) == PeeringTokenTests.valid)
    let json = String(decoding: try GoBase64.decode(Array(text.utf8)), as: UTF8.self)
    #expect(
      json == "{\"CA\":[\"-----BEGIN CERTIFICATE-----\\nMAMCAQE=\\n-----END CERTIFICATE-----\\n\"],"
        + "\"ManualServerAddresses\":null,\"ServerAddresses\":[\"127.0.0.1:8503\"],"
        + "\"ServerName\":\"server.dc1.peering.x.consul\",\"PeerID\":\"id\","
        + "\"EstablishmentSecret\":\"secret\","
        + "\"Remote\":{\"Partition\":\"\",\"Datacenter\":\"dc1\",\"Locality\":null}}")
  }

  @Test func `a token is not shown with its secret`() {
    #expect(!"\(PeeringTokenTests.valid)".contains("secret"))
    #expect(!"\(PeeringSecrets(establishment: "abc", activeStream: "def"))".contains("abc"))
  }

  @Test(arguments: [
    ("!!!", "failed to decode token: illegal base64 data at input byte 0"),
    ("e30=x", "failed to decode token: illegal base64 data at input byte 4"),
    ("aGVsbG8=", "invalid character 'h' looking for beginning of value"),
    ("", "unexpected end of JSON input"),
    ("e30geA==", "invalid character 'x' after top-level value"),
  ])
  func `what is no token is refused as Consul refuses it`(text: String, fault: String) {
    do {
      _ = try PeeringToken.decode(ByteString(text))
      Issue.record("accepted")
    } catch {
      #expect(error.text == fault)
    }
  }

  @Test func `unknown members and other cases are read, and types are checked`() throws {
    let lenient = GoBase64.encode(
      Array("{\"peerid\":\"x\",\"More\":[1],\"Remote\":{\"datacenter\":\"d\"}}".utf8))
    #expect(try PeeringToken.decode(ByteString(lenient)).peerID == "x")
    #expect(try PeeringToken.decode(ByteString(lenient)).remoteDatacenter == "d")
    let mistyped = GoBase64.encode(Array("{\"CA\":1}".utf8))
    do { _ = try PeeringToken.decode(ByteString(mistyped)) } catch {
      #expect(
        error.text == "json: cannot unmarshal number into Go struct field PeeringToken.CA of type []string")
    }
  }

  @Test func `a complete token passes`() {
    #expect(fault { _ in } == "accepted")
    #expect(fault { $0.caPems = [] } == "accepted")
    #expect(fault { $0.establishmentSecret = "" } == "accepted")
  }

  @Test func `each part that is missing is named, in order`() {
    #expect(fault { $0.caPems = ["x"] } == "peering token invalid CA: no PEM-encoded data found")
    #expect(
      fault { $0.caPems = [ByteString($0.caPems[0].string.replacing("CERTIFICATE", with: "PRIVATE KEY"))] }
        == "peering token invalid CA: first PEM-block should be CERTIFICATE type")
    #expect(
      fault { $0.caPems = [ByteString($0.caPems[0].string.replacing("MAMCAQE=", with: "AAAA"))] }
        == "peering token invalid CA: x509: malformed certificate")
    #expect(
      fault { $0.caPems = [ByteString($0.caPems[0].string.replacing("MAMCAQE=", with: "MAECAQE="))] }
        == "peering token invalid CA: x509: trailing data")
    #expect(fault { $0.serverAddresses = [] } == "peering token server addresses value is empty")
    #expect(fault { $0.serverName = "" } == "peering token server name value is empty")
    #expect(fault { $0.peerID = "" } == "peering token peer ID value is empty")
    #expect(
      fault {
        $0.serverAddresses = []
        $0.peerID = ""
      } == "peering token server addresses value is empty")
  }

  @Test(arguments: ["127.0.0.1:8503", "host:1", "host:65535", "[::1]:8503", ":80", "h:+80", "h:080"])
  func `an address is host and port`(address: String) {
    #expect(fault { $0.manualServerAddresses = [ByteString(address)] } == "accepted")
  }

  @Test(arguments: [
    "nope", "host:", "host:0", "host:65536", "host:-1", "::1:80", "[::1]", "[::1:80", "host:http", "", "a]:1",
  ])
  func `anything else is no address`(address: String) {
    #expect(
      fault { $0.manualServerAddresses = [ByteString(address)] }
        == "\(address) is not a valid peering server address")
  }
}
