// What a caller or Consul says, and what the configuration holds, costs time in proportion to its length.

import Audit
import Bytes
import HTTP
import Peering
import Support
import Testing

@testable import Consul
@testable import Gate
@testable import Record

@Suite struct LinearTimeTests {
  private static func text(_ secret: String) throws -> RecordedText {
    RecordedText(
      secrets: PresentedSecrets.none.adding(
        PresentedPeeringToken(bytes: Array(secret.utf8), secret: nil)),
      digester: TextDigester(try TokenDigestKey.ofThisRun()))
  }

  static let readers: [TextReader] = [
    TextReader("address of Consul") { text in
      for address in [text, "https://" + text, "http://a:1" + text, "unix:///" + text] {
        _ = UpstreamSettings.parse(address)
      }
    },
    TextReader("words of a record") { text in
      let bytes = Array(text.utf8)[...]
      for secret in ["a", "aaaaaaaaaaaaaaaaaaaaaaaz", "\u{315}\u{301}"] {
        guard let recorded = try? Self.text(secret) else { return }
        _ = (recorded.words(bytes), recorded.host(bytes), recorded.listed(bytes), recorded.whole(bytes))
      }
    },
    TextReader("path of a record") { text in
      for path in ["/" + text, "/v1/acl/" + text] {
        var limits = HTTPLimits()
        limits.startLineBytes = 1 << 20
        limits.headBytes = 1 << 20
        var parser = RequestParser(limits: limits)
        let bytes = Array("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
        guard let head = try? parser.parse(bytes.span) else { continue }
        _ = (try? Self.text("a")).map { RecordedTarget($0).request(head, words: nil) }
      }
    },
    TextReader("fields of a caller") { text in
      var limits = HTTPLimits()
      limits.fieldLineBytes = 1 << 20
      limits.headBytes = 4 << 20
      var parser = RequestParser(limits: limits)
      let fields = ["User-Agent", "X-Request-Id", "X-Listed", "Authorization", "X-Forwarded-For"]
        .map { "\($0): \(text)\r\n" }.joined()
      let bytes = Array("GET / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n".utf8)
      guard let head = try? parser.parse(bytes.span) else { return }
      _ = try? CallerFields(head.fields, recorded: [try? RecordableField("X-Listed")].compactMap { $0 })
    },
    TextReader("name of a file") { _ = TextFile.folder(of: $0) },
  ]

  @Test(arguments: readers) func `is read in linear time`(reader: TextReader) {
    #expect(reader.superlinear() == [])
  }

  /// Each a configuration that is whole but for one value.
  private static let settings: [(name: String, text: @Sendable (String) -> String)] = {
    let values = [
      "listener { address = \"_\" }",
      "listener { address = \"a:1\" tls { cert_file = \"_\" key_file = \"_\" } }",
      "listener { tls { cert_file = \"a\" key_file = \"a\" tls_min_version = \"_\" crl_expired = \"_\" } }",
      "upstream { address = \"_\" }", "upstream { address = \"https://a:1\" server_name = \"_\" }",
      "upstream { address = \"http://a:1\" token_file = \"_\" }", "name = \"_\"",
      "policies_watch_interval = \"_\"",
      "policies = \"_\"", "audit { path = \"_\" rotate_duration = \"_\" }",
      "audit { path = \"a\" require = \"_\" }",
      "audit { path = \"a\" delivery_guarantee = \"_\" }", "audit { path = \"a\" repeated_refusals = \"_\" }",
      "audit { path = \"a\" headers = [\"_\", \"a_\"] key_file = \"_\" }",
      "audit { levels { read = \"_\" } path = \"a\" }",
      "audit { sink \"_\" { type = \"_\" } }",
      "audit { sink \"a\" { type = \"socket\" address = \"tcp://_\" } }",
      "audit { sink \"a\" { type = \"syslog\" address = \"unix://_\" hostname = \"_\" } }",
      "limits { per_address { exempt = [\"_\", \"10.0.0.0/_\"] } }", "limits { idle_timeout = \"1_\" }",
      "limits { connections = 1_ }",
    ]
    return values.map { value in (value, { value.replacing("_", with: $0) }) }
  }()

  /// What HCL has an escape for, or allows in a string as it is.
  @Test(arguments: settings.indices) func `a setting is read in linear time`(index: Int) throws {
    let folder = try ScratchFolder()
    let (name, text) = Self.settings[index]
    for filling in ["\u{315}\u{301}", "a", "1", ".", ":", "/", "1h", "é", "a,"] {
      func work(_ bytes: Int) throws -> () -> Void {
        let path = try folder.write("\(bytes).hcl", text(Growth.text(of: filling, bytes: bytes)))
        return { do throws(SettingsError) { _ = try SettingsFile.load(path) } catch { _ = "\(error)" } }
      }
      let ratio = Growth.ratio(
        try work(Growth.shortBytes), try work(Growth.shortBytes * Growth.factor))
      #expect(ratio < Growth.limit, "\(name) \(filling): \(ratio)")
    }
  }
}
