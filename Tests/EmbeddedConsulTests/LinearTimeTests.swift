// What a stranger sends the embedded Consul costs time in proportion to its length.

import Bytes
import Support
import Testing

@testable import EmbeddedConsul

/// Combining marks in alternating order, which normalisation takes the square of their number for, at every place that
/// a request has.
@Suite struct LinearTimeTests {
  private func growth(_ work: (Int) -> Void) -> Double {
    Growth.ratio({ work(2_000) }, { work(2_000 * Growth.factor) })
  }

  private static func marks(_ count: Int) -> String { String(repeating: "\u{315}\u{301}", count: count / 2) }

  private static func escaped(_ text: String) -> String {
    text.utf8.map { "%" + hexadecimal(UInt32($0), width: 2) }.joined()
  }

  struct Place: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let method: String
    let request: @Sendable (String) -> (target: String, body: String, fields: [(ByteString, String)])

    init(
      _ name: String, _ method: String,
      _ request:
        @escaping @Sendable (String) -> (target: String, body: String, fields: [(ByteString, String)])
    ) {
      testDescription = name
      self.method = method
      self.request = request
    }
  }

  static let places: [Place] = [
    Place("key", "POST") { ("/v1/peering/token", "{\"PeerName\($0)\":\"a\",\"a\($0)\":1}", []) },
    Place("name", "POST") { ("/v1/peering/token", "{\"PeerName\":\"a\($0)\"}", []) },
    Place("partition", "POST") { ("/v1/peering/token", "{\"PeerName\":\"a\",\"Partition\":\"\($0)\"}", []) },
    Place("meta", "POST") {
      ("/v1/peering/token", "{\"PeerName\":\"a\",\"Meta\":{\"\($0)\":\"\",\"\($0)b\":\"\"}}", [])
    },
    Place("token", "POST") {
      ("/v1/peering/establish", "{\"PeerName\":\"a\",\"PeeringToken\":\"\(peeringToken($0))\"}", [])
    },
    Place("path", "GET") { ("/v1/peering/a\(escaped($0))", "", []) },
    Place("path of a deletion", "DELETE") { ("/v1/peering/a\(escaped($0))", "", []) },
    Place("other path", "GET") { ("/v1/\(escaped($0))", "", []) },
    Place("absolute form", "GET") { ("h\($0)ttp://a/v1/peerings", "", []) },
    Place("query", "GET") { ("/v1/peerings?\(escaped($0))=1&\(escaped($0 + "b"))=1", "", []) },
    Place("partition of a query", "GET") { ("/v1/peerings?partition=\(escaped($0))", "", []) },
    Place("wait", "GET") { ("/v1/peerings?wait=1\(escaped($0))", "", []) },
    Place("index", "GET") { ("/v1/peerings?index=1\(escaped($0))", "", []) },
    Place("secret", "GET") { ("/v1/peerings", "", [("X-Consul-Token", "\($0)")]) },
    Place("bearer", "GET") { ("/v1/peerings", "", [("Authorization", "Bearer\($0) a")]) },
    Place("cache control", "GET") { ("/v1/peerings", "", [("Cache-Control", "max-age=1\($0),\($0)")]) },
    Place("partition of a field", "GET") { ("/v1/peerings", "", [("X-Consul-Partition", "\($0)")]) },
  ]

  /// Passes every check but the address, so that all members are looked at.
  private static func peeringToken(_ text: String) -> String {
    PeeringToken(
      caPems: [ByteString("-----BEGIN \(text)-----\nMAA=\n-----END \(text)-----"), Fixture.caPem],
      manualServerAddresses: [ByteString(text)],
      serverAddresses: ["127.0.0.1:1"], serverName: ByteString(text), peerID: ByteString(text),
      establishmentSecret: ByteString(text), remotePartition: ByteString(text),
      remoteDatacenter: ByteString(text)
    ).encoded()
  }

  @Test(arguments: places)
  func `a request of combining marks is answered in linear time`(place: Place) {
    let access = AccessControl.granting([
      "\u{E9}": .init(accessorID: "a", level: .write), "root": .init(accessorID: "r", level: .write),
    ])
    let ratio = growth { size in
      var laboratory = Fixture(edition: .enterprise, access: access)
      let (target, body, fields) = place.request(Self.marks(size))
      let isSecret = fields.contains { $0.0 == "X-Consul-Token" || $0.0 == "Authorization" }
      laboratory.send(
        place.method, target, body, token: isSecret ? nil : "root",
        fields: fields.map { (name: $0, value: Array($1.utf8)) })
    }
    #expect(ratio < Growth.limit, "\(ratio)")
  }

  @Test func `canonically equivalent names, secrets and keys are different ones, as they are to Go`() throws {
    var laboratory = Fixture(
      access: .granting(["\u{E9}": .init(accessorID: "a", level: .write)]))
    let composed = [(name: "X-Consul-Token" as ByteString, value: Array("\u{E9}".utf8))]
    let decomposed = [(name: "X-Consul-Token" as ByteString, value: Array("e\u{301}".utf8))]
    // gRPC takes no such text for metadata: by that the two are alike.
    #expect(laboratory.reply("GET", "/v1/peerings", fields: composed).status == 500)
    #expect(laboratory.reply("GET", "/v1/peerings", fields: decomposed).status == 500)
    let query = try #require(QueryString(Array("%C3%A9=1&e%CC%81=2".utf8)[...]))
    #expect(query.value("\u{E9}") == "1")
    #expect(query.value("e\u{301}") == "2")
    #expect(
      PeeringKey(partition: "default", name: "\u{E9}") != PeeringKey(partition: "default", name: "e\u{301}"))
    let access = AccessControl.granting(["\u{E9}": .init(accessorID: "a", level: .write)])
    #expect(access.denial(of: .read, token: "\u{E9}") == nil)
    #expect(access.denial(of: .read, token: "e\u{301}") == .unknownToken)
  }

  @Test func `a letter with a mark is no digit, sign or unit`() {
    for text in ["1\u{301}s", "-\u{301}1s", "1s\u{301}", "1.\u{301}5s"] {
      #expect(GoDuration.parse(ByteString(text)) == nil, "\(text)")
    }
  }
}
