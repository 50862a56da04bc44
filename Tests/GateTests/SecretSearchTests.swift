// Every secret is found where it stands, and no text makes that dear.

import Audit
import Bytes
import Digests
import HTTP
import Testing

@testable import Gate
@testable import Record

@Suite struct SecretSearchTests {
  private func search(_ secrets: String...) -> SecretSearch {
    SecretSearch { add in for secret in secrets { add(Array(secret.utf8).span) } }
  }

  private func hidden(_ text: String, _ search: SecretSearch) -> String {
    String(decoding: search.replaced(in: Array(text.utf8), by: "<hidden>".utf8), as: UTF8.self)
  }

  @Test(arguments: [
    ("long-secret", "<hidden>"), ("xlong-secrety", "x<hidden>y"),
    ("long-secre long-secret", "long-secre <hidden>"),
    ("long-seclong-secret", "long-sec<hidden>"), ("long-secretlong-secret", "<hidden><hidden>"),
    ("", ""), ("long-secre", "long-secre"), ("\u{0}long-secret\u{FF}", "\u{0}<hidden>\u{FF}"),
  ])
  func `a secret is found wherever it begins`(_ text: String, _ expected: String) {
    #expect(hidden(text, search("long-secret")) == expected)
  }

  @Test func `secrets that begin, end or stand in each other are all found`() {
    let search = search("abcdefgh-1", "efgh-12345678", "abcdefgh", "12345678")
    #expect(hidden("abcdefgh", search) == "<hidden>")
    #expect(hidden("abcdefgh-1", search) == "<hidden>")
    #expect(hidden("abcdefgh-12345678", search) == "<hidden>")
    #expect(hidden("abcdefgx12345678abcdefgh", search) == "abcdefgx<hidden><hidden>")
    #expect(hidden("efgh-1234567", search) == "efgh-1234567")
  }

  @Test(arguments: [
    ("key", "<hidden>"), ("a key.", "a <hidden>."), ("keys", "keys"), ("monkey", "monkey"),
    ("my-key", "my-key"),
    ("/key/", "/<hidden>/"), ("key_", "key_"), ("keykey key", "keykey <hidden>"),
  ])
  func `a short one counts where it is a word`(_ text: String, _ expected: String) {
    #expect(hidden(text, search("key")) == expected)
  }

  @Test func `what is no secret does not hide a shorter one that is`() {
    // The longer one is part of a word, the other a word by itself.
    #expect(hidden("x-b a-b", search("a-b", "b")) == "x-b <hidden>")
    #expect(hidden("xa/b", search("a/b", "b")) == "xa/<hidden>")
  }

  @Test(arguments: 0..<40) func `one alone is found at every place of a word`(place: Int) {
    let text = String(repeating: "xs", count: place) + "secret-1" + String(repeating: "s", count: 40 - place)
    let range = search("secret-1").firstRange(in: Array(text.utf8).span)
    #expect(range == (2 * place)..<(2 * place + 8))
    #expect(search("secret-2").firstRange(in: Array(text.utf8).span) == nil)
  }

  @Test(arguments: [-1, 0, 1]) func `of one longer than all that is written, nothing is left`(difference: Int)
  {
    let secret = String(repeating: "0123456789", count: 60).prefix(
      RecordLimits.presentedSecretBytes + difference)
    #expect(
      hidden("a \(secret) b", search(String(secret))) == (difference < 0 ? "a <hidden> b" : "a <hidden>"))
    #expect(hidden("a \(secret)\(secret)", search(String(secret))).hasPrefix("a <hidden>"))
    #expect(!hidden("a \(secret)\(secret)", search(String(secret))).contains("01"))
  }

  @Test func `there may be none`() { #expect(hidden("a secret", SecretSearch { _ in }) == "a secret") }

  /// What an attacker would choose: nearly a secret at each byte.
  @Test func `texts and secrets of one letter cost time in proportion to their length`() throws {
    func cost(_ size: Int) throws -> Duration {
      let text = Array(repeating: UInt8(ascii: "a"), count: 16 * size)
      let clock = ContinuousClock()
      return (0..<9).map { _ in
        clock.measure {
          let search = SecretSearch { add in
            for last in 0..<16 {
              let secret = text.prefix(size - last) + [UInt8(ascii: "b") + UInt8(last)]
              add(Array(secret).span)
            }
          }
          #expect(search.firstRange(in: text.span) == nil)
        }
      }.min() ?? .zero
    }
    let ratio = try cost(480) / cost(60)
    #expect(ratio < 30, "\(ratio)")
  }

  private func head(_ path: String, secrets: Int, of size: Int) throws -> RequestHead {
    var limits = HTTPLimits.standard
    (limits.startLineBytes, limits.fieldLineBytes, limits.headBytes) = (1 << 20, 1 << 20, 1 << 22)
    var parser = RequestParser(limits: limits)
    let secret = String(repeating: "a", count: size) + "b"
    let text =
      "GET \(path) HTTP/1.1\r\nHost: gate\r\n"
      + String(repeating: "X-Consul-Token: \(secret)\r\nAuthorization: Bearer \(secret)\r\n", count: secrets)
      + "User-Agent: \(path)\r\n\r\n"
    return try #require(try parser.parse(Array(text.utf8).span))
  }

  @Test func `the record of a head with many secrets and a long path is made in linear time`() throws {
    func cost(_ size: Int) throws -> Duration {
      let head = try head("/v1/" + String(repeating: "a", count: 16 * size), secrets: 8, of: size)
      let clock = ContinuousClock()
      return try (0..<9).map { _ in
        try clock.measure {
          let fields = try CallerFields(head.fields, recorded: [])
          let text = try RecordedText(secrets: fields.secrets, digester: .ofThisRun())
          _ = RecordedTarget(text).request(head, words: fields.words)
        }
      }.min() ?? .zero
    }
    let ratio = try cost(504) / cost(63)
    #expect(ratio < 30, "\(ratio)")
  }

  private func endpoint(_ path: String, token: String) throws -> String {
    var parser = RequestParser()
    let text = "GET \(path) HTTP/1.1\r\nHost: gate\r\nX-Consul-Token: \(token)\r\n\r\n"
    let head = try #require(try parser.parse(Array(text.utf8).span))
    let words = RecordedText(secrets: PresentedSecrets(fields: head.fields), digester: try .ofThisRun())
    let request = RecordedTarget(words).request(head, words: nil)
    return String(decoding: request.endpoint, as: UTF8.self)
  }

  @Test(arguments: [
    ("/v1/token-one", "/v1/<hidden>"), ("/v1/token-one/x", "/v1/<hidden>"),
    ("/v1/xtoken-one", "/v1/<hidden>"),
    ("/v1/%74oken-one", "/v1/<hidden>"), ("/v1/%41%74oken%2done/y", "/v1/<hidden>"),
    ("/v1/a/%74oken-one", "/v1/a/<hidden>"), ("/v1/token-on/e", "/v1/token-on/e"),
  ])
  func `nothing of a path is written from its first secret on`(_ path: String, _ expected: String) throws {
    #expect(try endpoint(path, token: "token-one") == expected)
  }

  @Test func `a secret of several parts of a path is one`() throws {
    #expect(try endpoint("/v1/one/two/three", token: "ne/two/th") == "/v1/<hidden>")
    #expect(try endpoint("/v1/one%2Ftwo", token: "one/two1") == "/v1/one%2Ftwo")
    #expect(try endpoint("/v1/x/one%2Ftwo1", token: "one/two1") == "/v1/x/<hidden>")
  }

  @Test func `a secret that begins where a long part is cut is hidden, and what is not shown is digested`()
    throws
  {
    let long = String(repeating: "x", count: 30)
    #expect(try endpoint("/v1/\(long)/token-one", token: "token-one").hasPrefix("/v1/xxxxxxxx...("))
    #expect(try endpoint("/v1/xxxxtoken-one\(long)", token: "token-one") == "/v1/<hidden>")
  }
}

extension TextDigester {
  static func ofThisRun() throws -> TextDigester { TextDigester(try TokenDigestKey.ofThisRun()) }
}
