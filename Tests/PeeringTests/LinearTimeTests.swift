// Whatever a caller or Consul says, reading it costs time in proportion to its length.

import Bytes
import Digests
import Support
import Testing

@testable import HTTP

@testable import Peering

@Suite struct LinearTimeTests {
  private static func ask(_ line: String, _ fields: String = "", body: String = "") {
    let bytes = Array("\(line) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n".utf8)
    var limits = HTTPLimits()
    limits.startLineBytes = 1 << 20
    limits.fieldLineBytes = 1 << 20
    limits.headBytes = 4 << 20
    var parser = RequestParser(limits: limits)
    guard let head = try? parser.parse(bytes.span) else { return }
    _ = try? Credential.from(head.fields)
    do throws(Refusal) {
      _ = try PeeringCall.parse(head, body: Array(body.utf8).span)
    } catch { _ = "\(error)" }
  }

  /// A text that JSON and base64 have to be given as they are, and one that is escaped for each.
  static let readers: [TextReader] = [
    TextReader("path") { ask("GET /v1/peering/\($0)") },
    TextReader("query") { ask("GET /v1/peerings?\($0)=1&a\($0)=\($0)") },
    TextReader("partition of a query") { ask("GET /v1/peerings?partition=\($0)") },
    TextReader("index") { ask("GET /v1/peerings?index=\($0)") },
    TextReader("wait") { ask("GET /v1/peerings?index=1&wait=\($0)") },
    TextReader("many parameters") { ask("GET /v1/peerings?\($0)&a=\($0)&dc=\($0)") },
    TextReader("partition of a field") { ask("GET /v1/peerings", "X-Consul-Partition: \($0)\r\n") },
    TextReader("token") { ask("GET /v1/peerings", "X-Consul-Token: \($0)\r\n") },
    TextReader("bearer token") { ask("GET /v1/peerings", "Authorization: Bearer \($0)\r\n") },
    TextReader("scheme") { ask("GET /v1/peerings", "Authorization: \($0) a\r\n") },
    TextReader("body") { ask("POST /v1/peering/token", body: $0) },
    TextReader("member") { ask("POST /v1/peering/token", body: "{\"\($0)\":1}") },
    TextReader("name of a body") { ask("POST /v1/peering/token", body: "{\"PeerName\":\"\($0)\"}") },
    TextReader("Meta") {
      ask(
        "POST /v1/peering/token", body: "{\"PeerName\":\"a\",\"Meta\":{\"\($0)\":\"\($0)\",\"b\":\"\($0)\"}}")
    },
    TextReader("addresses") {
      ask("POST /v1/peering/token", body: "{\"PeerName\":\"a\",\"ServerExternalAddresses\":[\"\($0)\"]}")
    },
    TextReader("peering token of a body") {
      ask("POST /v1/peering/establish", body: "{\"PeerName\":\"a\",\"PeeringToken\":\"\($0)\"}")
    },
    TextReader("base64 of a peering token") { _ = PeeringTokenFacts(Array($0.utf8).span) },
    TextReader("peering token") { text in
      for json in [
        "{\"CA\":[\"\(text)\"],\"ServerName\":\"\(text)\",\"\(text)\":1}", "{\"\(text)\":1}", text,
      ] {
        _ = PeeringTokenFacts(Array(Base64.encode(Array(json.utf8).span).utf8).span)
      }
    },
    TextReader("reply to a read") { text in
      guard let peer = PeerName("a") else { return }
      for body in ["{\"Name\":\"a\",\"\(text)\":\"\(text)\"}", "{\"Name\":\"\(text)\"}", text, "{\(text)"] {
        _ = PlainResponse.isAbout(peer, Array(body.utf8).span)
        if let request = try? request("GET /v1/peering/a") {
          try? PeeringResponse.check(Array(body.utf8).span, to: request)
        }
      }
    },
    TextReader("error of Consul's") { _ = PeeringResponse.carriesObjects(Array($0.utf8).span) },
    TextReader("names") { text in
      let bytes = Array(text.utf8)
      _ = (PeerName(bytes.span), PeerName(listed: bytes.span), Partition(bytes.span), Credential(text))
      _ = ServedPath.isServed(bytes.span)
    },
    TextReader("duration") { _ = GoDuration.nanoseconds(Array($0.utf8).span) },
  ]

  @Test(arguments: readers) func `is read in linear time`(reader: TextReader) {
    #expect(reader.superlinear() == [])
  }
}
