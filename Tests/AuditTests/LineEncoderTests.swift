// The format, field by field.
import Foundation
import JSON
import Testing

@testable import Audit

struct LineEncoderTests {
  private let instant = WallTime(microseconds: 1_767_323_045_678_901)

  private func line(_ entry: borrowing Entry, _ extent: Entry.Extent = .full) -> String {
    var batch = Batch()
    var encoder = LineEncoder()
    encoder.append(entry, extent, to: &batch, at: instant)
    return String(decoding: batch.bytes, as: UTF8.self) + "}"
  }

  @Test func `a full entry has every field in its place`() {
    var entry = sampleEntry()
    entry.request.words = Entry.Words(
      agent: "Go-http-client/1.1", [Entry.Header(name: "X-Forwarded-Proto", value: Array("https".utf8))])
    entry.peering?.tokenDigest = "77"
    entry.peering?.kept = 3
    entry.peering?.removed = 4
    entry.upstream = Entry.Upstream(address: "10.0.0.7:8501")
    entry.repetition = .closed
    entry.reason = Array("because".utf8)
    entry.connection = Entry.Connection(
      remoteAddress: "192.0.2.7:50312",
      tls: Entry.TLS(
        version: "TLSv1.3", cipher: "TLS_AES_128_GCM_SHA256", group: "X25519",
        subject: Array("CN=team-a".utf8),
        names: [Array("team-a.example".utf8)]))
    let expected =
      #"{"created_at":"2026-01-02T03:04:05.678901Z","event_type":"audit","payload":{"#
      + #""id":"00000000-0000-4000-8000-000000000000","version":"1","type":"HTTPEvent","#
      + #""timestamp":"2026-01-02T03:04:05.678901Z","#
      + #""auth":{"accessor_id":"6a1253d2-1785-24fd-91c2-f8e78c745511","description":"team-a-ci"},"#
      + #""request":{"operation":"GET","endpoint":"/v1/peering/hub","remote_addr":"192.0.2.7:50312","#
      + #""user_agent":"Go-http-client/1.1","host":"gate.example:8501","headers":{"X-Forwarded-Proto":"https"}},"#
      + #""response":{"status":"200"},"stage":"OperationComplete","#
      + #""peering":{"operation":"read","peer":"hub","partition":"default","access":"read","token_digest":"77","#
      + #""kept":3,"removed":4},"#
      + #""decision":{"outcome":"allow","rule":"team-a.hcl:3: peering \"hub\" { policy = \"read\" }","#
      + #""policy_digest":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"},"#
      + #""upstream":{"address":"10.0.0.7:8501","repeated":1,"repeat_reason":"closed"},"#
      + #""reason":"because","tls":{"version":"TLSv1.3","cipher":"TLS_AES_128_GCM_SHA256","group":"X25519","#
      + #""subject":"CN=team-a","names":["team-a.example"]},"duration_us":1234}}"#
    #expect(line(entry) == expected)
  }

  @Test func `that a request was repeated stands in the entry only if it was`() {
    var entry = sampleEntry()
    entry.upstream = Entry.Upstream(address: "[::1]:8501")
    #expect(line(entry).contains(#","upstream":{"address":"[::1]:8501"},"tls""#))
    entry.repetition = .requestTimeout
    #expect(
      line(entry).contains(
        #""upstream":{"address":"[::1]:8501","repeated":1,"repeat_reason":"request_timeout"}"#))
  }

  @Test func `a reduced entry says so, and lacks the client's words, the rule, Consul's address and TLS`() {
    var entry = sampleEntry()
    entry.upstream = Entry.Upstream(address: "10.0.0.7:8501")
    entry.request.words = Entry.Words(
      agent: "Go-http-client/1.1", [Entry.Header(name: "X-Forwarded-Proto", value: Array("https".utf8))])
    entry.reason = Array("because".utf8)
    entry.shadow = Entry.Shadow(difference: "none", rule: "r", policyDigest: "d")
    #expect(
      line(entry, .reduced)
        == #"{"created_at":"2026-01-02T03:04:05.678901Z","event_type":"audit","payload":{"#
        + #""id":"00000000-0000-4000-8000-000000000000","version":"1","type":"HTTPEvent","#
        + #""timestamp":"2026-01-02T03:04:05.678901Z","#
        + #""auth":{"accessor_id":"6a1253d2-1785-24fd-91c2-f8e78c745511","description":"team-a-ci"},"#
        + #""request":{"operation":"GET","endpoint":"/v1/peering/hub","remote_addr":"192.0.2.7:50312"},"#
        + #""response":{"status":"200"},"stage":"OperationComplete","level":"reduced","#
        + #""peering":{"operation":"read","peer":"hub","partition":"default","access":"read"},"#
        + #""decision":{"outcome":"allow"},"shadow":{"difference":"none","rule":"r","policy_digest":"d"},"#
        + #""reason":"because","duration_us":1234}}"#)
  }

  @Test func `an intent has no response`() {
    var entry = sampleEntry()
    entry.stage = .start
    entry.durationMicroseconds = nil
    let text = line(entry)
    #expect(text.contains(#","stage":"OperationStart","peering""#))
    #expect(!text.contains("response"))
    #expect(!text.contains("duration_us"))
  }

  @Test func `a request that was never one of the five has only what is known`() throws {
    var entry = Entry(
      id: Array("1".utf8)[...], stage: .complete(status: 400),
      connection: Entry.Connection(remoteAddress: "[::1]:9"), request: Entry.Request("BREW", "/pot"),
      decision: Entry.Decision(.refuse))
    entry.reason = Array("no such operation".utf8)
    let payload = try payload(of: line(entry))
    #expect(payload["auth"] == nil)
    #expect(payload["peering"] == nil)
    #expect((payload["decision"] as? [String: String]) == ["outcome": "refuse"])
  }

  @Test func `every envelope field of a Consul Enterprise event is there, with Consul's type`() throws {
    // The documented event: consul-facts, section 10.
    let payload = try payload(of: line(sampleEntry()))
    for name in ["id", "version", "type", "timestamp", "stage"] {
      #expect(payload[name] is String, "\(name)")
    }
    let auth = try #require(payload["auth"] as? [String: Any])
    for name in ["accessor_id", "description"] { #expect(auth[name] is String, "\(name)") }
    let request = try #require(payload["request"] as? [String: Any])
    for name in ["operation", "endpoint", "remote_addr", "user_agent", "host"] {
      #expect(request[name] is String, "\(name)")
    }
    #expect((payload["response"] as? [String: String]) == ["status": "200"])
  }

  @Test(arguments: ["/v1/peerings?token=secret", "/v1/peerings?", "/v1/peerings"])
  func `a query never reaches the line`(target: String) throws {
    var entry = sampleEntry()
    entry.request = Entry.Request("GET", target)
    let request = try #require(try payload(of: line(entry))["request"] as? [String: Any])
    #expect(request["endpoint"] as? String == "/v1/peerings")
  }

  @Test(arguments: [-1, 0, 1])
  func `client text is cut behind its limit`(excess: Int) throws {
    var entry = sampleEntry()
    let limit = AuditLimits.clientTextBytes
    entry.request.words = Entry.Words(agent: String(repeating: "a", count: limit + excess))
    let request = try #require(try payload(of: line(entry))["request"] as? [String: Any])
    let text = try #require(request["user_agent"] as? String)
    #expect(
      text == String(repeating: "a", count: min(limit, limit + excess)) + (excess > 0 ? "...(+1 bytes)" : ""))
  }

  @Test(
    arguments: [
      ([0x61, 0x0A, 0x62], #"a\x0ab"#), ([0xFF, 0xC3, 0x28], #"\xff\xc3("#), ([0x5C, 0x78], #"\\x"#),
      ([0x1B, 0x5B, 0x33, 0x31, 0x6D], #"\x1b[31m"#), ([0x7F], #"\x7f"#), ([0x22, 0x7D, 0x2C], #""},"#),
      (Array("é".utf8), #"\xc3\xa9"#), ([], ""), ([0xE2, 0x80, 0xA8], #"\xe2\x80\xa8"#),
    ] as [([UInt8], String)])
  func `client bytes become text that can be turned back`(bytes: [UInt8], expected: String) throws {
    var entry = sampleEntry()
    entry.request.words = Entry.Words(agent: "", host: bytes)
    let text = line(entry)
    #expect(text.utf8.allSatisfy { $0 < 0x80 && $0 >= 0x20 })
    let request = try #require(try payload(of: text)["request"] as? [String: Any])
    #expect(request["host"] as? String == expected)
  }

  @Test func `no client can end a line or forge a member`() throws {
    var entry = sampleEntry()
    entry.request.words = Entry.Words(agent: "x\"}},\"seq\":1,\"previous\":\"\n{}\r\n\u{2028}")
    var batch = Batch()
    var encoder = LineEncoder()
    encoder.append(entry, to: &batch)
    #expect(!batch.bytes.contains(0x0A))
    #expect(
      try object(String(decoding: batch.bytes, as: UTF8.self) + "}").keys.sorted() == [
        "created_at", "event_type", "payload",
      ])
  }

  @Test func `our own text reads back whatever it is and wherever in a word it stands`() throws {
    for scalar in (0..<0x180).compactMap(Unicode.Scalar.init) {
      for position in [0, 1, 6, 7, 8, 9, 15, 16] {
        let text = String(repeating: "a", count: position) + String(scalar) + String(repeating: "b", count: 9)
        var entry = sampleEntry()
        entry.auth = Entry.Auth(accessorID: "1", tokenName: text)
        entry.peering = Entry.Peering(operation: "read", peer: "hub", partition: text, access: "read")
        let payload = try payload(of: line(entry))
        #expect((payload["auth"] as? [String: Any])?["description"] as? String == text)
        #expect((payload["peering"] as? [String: Any])?["partition"] as? String == text)
      }
    }
  }

  @Test func `a client's byte is told apart wherever in a word it stands`() {
    for byte in UInt8.min ... .max {
      for (before, behind) in [
        (0, 0), (1, 0), (6, 0), (0, 7), (7, 0), (0, 8), (8, 0), (3, 9), (9, 3), (16, 7),
      ] {
        let text = [UInt8](repeating: 0x61, count: before) + [byte] + [UInt8](repeating: 0x7A, count: behind)
        var writer = Writer()
        ClientText.append(text.span, limit: AuditLimits.clientTextBytes, to: &writer)
        var entry = sampleEntry()
        entry.id = text[...]
        #expect(
          line(entry).contains(#""id":"# + String(decoding: writer.finish(), as: UTF8.self) + #","version""#))
      }
    }
  }

  @Test(
    arguments: [
      0, 7, 10, 99_999_999, 100_000_000, 100_000_001, 1_234_567_890_123, 10_000_000_000_000_000, UInt64.max,
    ])
  func `a number has the digits it has`(number: UInt64) {
    var entry = sampleEntry()
    entry.durationMicroseconds = number
    #expect(line(entry).hasSuffix(#","duration_us":\#(number)}}"#))
  }

  @Test(arguments: [0x00, 0x22, 0x5C, 0x7F, 0xFF] as [UInt8])
  func `the worst of bytes in every field have room`(byte: UInt8) throws {
    let bytes = [UInt8](repeating: byte, count: 3_000)
    let text = String(repeating: Character(Unicode.Scalar(byte)), count: 3_000)
    var entry = Entry(
      id: bytes[...], stage: .complete(status: .max),
      connection: Entry.Connection(
        remoteAddress: text,
        tls: Entry.TLS(
          version: text, cipher: text, group: text, subject: bytes, names: Array(repeating: bytes, count: 8))),
      request: Entry.Request(
        bytes, bytes,
        words: Entry.Words(
          userAgent: bytes[...], host: bytes[...],
          headers: Array(repeating: Entry.Header(name: text, value: bytes), count: 16))),
      decision: Entry.Decision(.refuse, rule: QuotedString(text), policyDigest: QuotedString(text)))
    entry.auth = Entry.Auth(accessorID: text, tokenName: text)
    entry.peering = Entry.Peering(operation: text, peer: text, partition: text, access: text)
    entry.peering?.tokenDigest = text
    entry.peering?.kept = .max
    entry.peering?.removed = .max
    entry.upstream = Entry.Upstream(address: text)
    entry.repetition = .requestTimeout
    entry.reason = bytes
    entry.durationMicroseconds = .max
    let decision = try #require(try payload(of: line(entry))["decision"] as? [String: Any])
    #expect(decision["rule"] as? String == text)
  }

  @Test func `empty fields need no room and are there`() throws {
    let entry = Entry(
      id: [], stage: .start, connection: Entry.Connection(remoteAddress: ""), request: Entry.Request(),
      decision: Entry.Decision(.deny, rule: "", policyDigest: ""))
    let request = try #require(try payload(of: line(entry))["request"] as? [String: String])
    #expect(request == ["operation": "", "endpoint": "", "remote_addr": ""])
  }

  @Test func `more headers and names than the limits are left out`() throws {
    var entry = sampleEntry()
    entry.request.words = Entry.Words(agent: "", (0..<20).map { Entry.Header(name: "H\($0)", value: []) })
    entry.connection = Entry.Connection(
      remoteAddress: "192.0.2.7:50312",
      tls: Entry.TLS(
        version: "TLSv1.3", cipher: "x", names: (0..<20).map { Array("\($0).example".utf8) }))
    let payload = try payload(of: line(entry))
    let request = try #require(payload["request"] as? [String: Any])
    #expect((request["headers"] as? [String: Any])?.count == AuditLimits.headersPerEntry)
    #expect(
      ((payload["tls"] as? [String: Any])?["names"] as? [Any])?.count == AuditLimits.certificateNamesPerEntry)
  }

  @Test func `a certificate's names keep the backslashes that they came with, and no other byte`() {
    let tls = Entry.TLS(
      version: "TLSv1.3", cipher: "x", subject: Array(#"CN=a\,b\1B\C3"#.utf8) + [0x1B],
      names: [Array(#"spiffe://a\x0d"#.utf8)])
    #expect(
      String(decoding: tls.member, as: UTF8.self).hasSuffix(
        #""subject":"CN=a\\,b\\1B\\C3\\x1b","names":["spiffe://a\\x0d"]}"#))
  }
}
