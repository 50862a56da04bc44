// Names in client certificates, and patterns for them.
import Bytes
import Testing

@testable import Policy

struct CertificateURITests {
  @Test(arguments: [
    "spiffe://example.org", "spiffe://example.org/ns/a", "spiffe://example.org/A-b_c.d/..e", "spiffe://a_b/x",
    "https://example.org:8443/a,b;c=d/~e", "x-y+z.1://host/...",
  ])
  func `a clean URI is what it was`(text: String) throws {
    #expect(try CertificateURI(ByteString(text)).text == ByteString(text))
  }

  /// What OpenSSL hands out has every byte that is no printable ASCII as `\xNN`.
  @Test(
    arguments: [
      ("spiffe://a/x\0", .foreignCharacter), ("spiffe://a/x\\x00", .foreignCharacter),
      ("spiffe://a/x\\x00/../y", .foreignCharacter),
      ("spiffe://a/./x", .dotSegment), ("spiffe://a/b/../x", .dotSegment), ("spiffe://a/..", .dotSegment),
      ("spiffe://a/%2e%2e/x", .percentEncoding), ("spiffe://a/%2E/x", .percentEncoding),
      ("spiffe://a/x%00", .percentEncoding), ("https://a/%41", .percentEncoding),
      ("spiffe://user@a/x", .userInformation), ("spiffe://u:p@a/x", .userInformation),
      ("https://@a/x", .userInformation),
      ("spiffe://a/x?y", .queryOrFragment), ("spiffe://a/x#y", .queryOrFragment),
      ("spiffe://a?", .queryOrFragment),
      ("spiffe://a#/x", .queryOrFragment),
      ("spiffe://A/x", .upperCase), ("SPIFFE://a/x", .upperCase), ("Spiffe://a/x", .upperCase),
      ("spiffe://a//x", .emptySegment), ("spiffe://a/x/", .emptySegment), ("spiffe://a/", .emptySegment),
      ("spiffe://a:80/x", .port), ("https://a:/x", .port), ("https://a:b/x", .port),
      ("https://a:1:2/x", .port),
      ("spiffe:///x", .noAuthority), ("spiffe:a/x", .noAuthority), ("urn:uuid:x", .noAuthority),
      ("", .noAuthority),
      ("a/b", .noAuthority), ("://a", .noAuthority), ("web-1", .noAuthority),
      ("spiffe://a/b*", .foreignCharacter), ("spiffe://a/*", .foreignCharacter),
      ("spiffe://a/b c", .foreignCharacter),
      ("spiffe://a/ä", .foreignCharacter), ("spiffe://a/\u{212a}", .foreignCharacter),
      ("spiffe://a/b~", .foreignCharacter), ("spiffe://a/b:c", .foreignCharacter),
      ("spiffe://[::1]/x", .foreignCharacter), ("1x://a/x", .foreignCharacter),
      ("spiffe://a/\\", .foreignCharacter),
    ] as [(String, CertificateURI.Fault)])
  func `an unclean one is none`(text: String, fault: CertificateURI.Fault) {
    #expect(throws: fault) { try CertificateURI(ByteString(text)) }
  }

  @Test func `a URI is as long as a SPIFFE ID may be`() throws {
    func uri(_ bytes: Int) -> ByteString {
      ByteString("spiffe://a/" + String(repeating: "b", count: bytes - 11))
    }
    for bytes in [2047, 2048] { #expect(try CertificateURI(uri(bytes)).text.count == bytes) }
    #expect(throws: CertificateURI.Fault.tooLong) { try CertificateURI(uri(2049)) }
  }

  @Test func `a host name is folded, and has neither wildcard nor trailing dot`() throws {
    #expect(try CertificateDNSName("WEB-1.Example.org").text == "web-1.example.org")
    #expect(try CertificateDNSName("a_b").text == "a_b")
    for (text, fault) in [
      ("*.example.org", .wildcard), ("w*.example.org", .wildcard), ("*", .wildcard),
      ("web.example.org.", .trailingDot), (".", .trailingDot), ("", .badLabel), ("a..b", .badLabel),
      (".a", .badLabel), ("-a", .badLabel), ("a-.b", .badLabel), ("a b", .badLabel), ("a\\x00b", .badLabel),
      ("\u{212a}", .badLabel), ("ä", .badLabel), ("a/b", .badLabel),
      (String(repeating: "a", count: 64), .badLabel),
      (String(repeating: "a.", count: 127), .tooLong),
    ] as [(String, CertificateDNSName.Fault)] {
      #expect(throws: fault, "\(text)") { try CertificateDNSName(ByteString(text)) }
    }
    #expect(try CertificateDNSName(ByteString(String(repeating: "a", count: 63))).text.count == 63)
  }
}

struct CertificateNamesTests {
  private func names(uris: [String] = [], dns: [String] = []) throws -> CertificateNames {
    CertificateNames(
      uris: try uris.map { try NamePattern(ByteString($0), .uri) },
      dnsNames: try dns.map { try NamePattern(ByteString($0), .dns) })
  }

  private func shown(uris: [String] = [], dns: [String] = []) -> PolicyAttributes {
    PolicyAttributes(source: nil, certificateURIs: uris, certificateDNSNames: dns)
  }

  @Test func `a name matches itself, and with an asterisk what is below it`() throws {
    let exact = try names(uris: ["spiffe://example.org/ns/a"])
    #expect(exact.recognise(shown(uris: ["spiffe://example.org/ns/a"])) != nil)
    for other in ["spiffe://example.org/ns/a/b", "spiffe://example.org/ns/A", "spiffe://example.org/ns"] {
      #expect(exact.recognise(shown(uris: [other])) == nil, "\(other)")
    }
    let below = try names(uris: ["spiffe://example.org/ns/pay/*"])
    #expect(below.recognise(shown(uris: ["spiffe://example.org/ns/pay/a/b"])) != nil)
    for other in [
      "spiffe://example.org/ns/pay", "spiffe://example.org/ns/payroll/a",
      "spiffe://example.org.evil/ns/pay/a",
      "spiffe://example.org/ns/pay/../root", "spiffe://example.org/ns/pay/%2e%2e/root",
      "spiffe://example.org/ns/pay/",
      "spiffe://x@example.org/ns/pay/a", "spiffe://example.org/ns/pay/a?b",
      "spiffe://example.org/ns/pay/a\\x00",
      "SPIFFE://example.org/ns/pay/a",
    ] { #expect(below.recognise(shown(uris: [other])) == nil, "\(other)") }
  }

  @Test func `a domain stands for one label before it`() throws {
    let domain = try names(dns: ["*.example.org"])
    #expect(
      domain.recognise(shown(dns: ["Web.example.org"])) == .dns(try CertificateDNSName("web.example.org")))
    for other in [
      "example.org", "a.b.example.org", "xexample.org", "web.example.org.", "*.example.org",
      "web.example.org.evil",
    ] {
      #expect(domain.recognise(shown(dns: [other])) == nil, "\(other)")
    }
    #expect(try names(dns: ["k"]).recognise(shown(dns: ["\u{212a}"])) == nil)
    #expect(try names(dns: ["k"]).recognise(shown(dns: ["K"])) != nil)
  }

  @Test func `a certificate with a second SPIFFE URI is nobody's`() throws {
    let all = try names(uris: ["*"], dns: ["*"])
    let one = "spiffe://a/x"
    #expect(all.recognise(shown(uris: [one], dns: ["web"])) != nil)
    #expect(all.recognise(shown(uris: ["https://a/x", one])) != nil)
    for second in ["spiffe://a/x", "spiffe://b/y", "SPIFFE://b/y", "spiffe:b", "spiffe://b/../y"] {
      #expect(all.recognise(shown(uris: [one, second], dns: ["web"])) == nil, "\(second)")
      #expect(all.recognise(shown(uris: [second, one], dns: ["web"])) == nil, "\(second)")
    }
    let cut = PolicyAttributes(
      source: nil, certificateURIs: [one], certificateDNSNames: ["web"], hasAllNames: false)
    #expect(all.recognise(cut) == nil, "the second may be among those that were not read")
  }

  @Test func `an unclean name keeps no clean one from counting, and matches not even an asterisk`() throws {
    let all = try names(uris: ["*"], dns: ["*"])
    #expect(all.recognise(shown(uris: ["spiffe://a/../x"], dns: ["*.b", "c."])) == nil)
    #expect(all.recognise(shown(uris: ["https://a/../x", "https://b/x"]))?.text == "https://b/x")
    #expect(all.recognise(shown()) == nil)
  }

  @Test func `the name that is recognised is the one that the best pattern matches`() throws {
    let accepted = try names(
      uris: ["spiffe://a/*", "https://b/x/*", "https://b/x/y"],
      dns: ["web.example.org", "*.example.org", "*"])
    for (uris, dns, name) in [
      (["https://b/x/z", "https://b/x/y"], [], "https://b/x/y"),
      (["https://c/x", "spiffe://a/1"], ["web.example.org"], "spiffe://a/1"),
      (["spiffe://a/1", "https://b/x/z"], [], "https://b/x/z"),
      (["https://c/x"], ["other", "ci.example.org", "web.example.org"], "web.example.org"),
      ([], ["other", "ci.example.org"], "ci.example.org"), ([], ["Other", "b"], "other"),
    ] as [([String], [String], ByteString)] {
      #expect(accepted.recognise(shown(uris: uris, dns: dns))?.text == name)
    }
  }

  @Test(
    arguments: [
      ("", .uri, .empty), ("spiffe://a/b*", .uri, .halfSegment), ("spiffe://a*", .uri, .halfSegment),
      ("spiffe://*", .uri, .uri(.noAuthority)), ("spiffe://*/ns", .uri, .halfSegment),
      ("spiffe://a/*/b", .uri, .halfSegment), ("spiffe://a/*/*", .uri, .halfSegment),
      ("**", .uri, .halfSegment),
      ("/*", .uri, .uri(.noAuthority)), ("spiffe://a//*", .uri, .uri(.emptySegment)),
      ("spiffe://a/../*", .uri, .uri(.dotSegment)), ("spiffe://a/%2e/*", .uri, .uri(.percentEncoding)),
      ("spiffe://A/*", .uri, .uri(.upperCase)), ("a b", .uri, .uri(.foreignCharacter)),
      ("spiffe://u@a/*", .uri, .uri(.userInformation)), ("spiffe://a/x?*", .uri, .halfSegment),
      ("spiffe://a/x?", .uri, .uri(.queryOrFragment)),
      ("web-*", .dns, .dns(.wildcard)), ("*web.org", .dns, .dns(.wildcard)),
      ("a.*.org", .dns, .dns(.wildcard)),
      ("*.*.org", .dns, .dns(.wildcard)), ("*.", .dns, .dns(.badLabel)), ("a.", .dns, .dns(.trailingDot)),
      ("ä", .dns, .dns(.badLabel)), ("Web", .dns, .upperCase), ("*.Web", .dns, .upperCase),
    ] as [(String, NamePattern.Kind, NamePattern.Fault)])
  func `other patterns are refused`(text: String, kind: NamePattern.Kind, fault: NamePattern.Fault) {
    #expect(throws: fault) { try NamePattern(ByteString(text), kind) }
  }

  @Test(arguments: ["*", "spiffe://a", "spiffe://a/*", "spiffe://a/b/*", "https://a:1/b"])
  func `a pattern reads as it was written`(text: String) throws {
    #expect(try NamePattern(ByteString(text), .uri).text == ByteString(text))
  }

  @Test(arguments: ["*", "a.b", "*.b"])
  func `a pattern for hosts does too`(text: String) throws {
    #expect(try NamePattern(ByteString(text), .dns).text == ByteString(text))
  }

  /// Two pieces of code choose; a record that named another name than the table went by would be wrong.
  @Test func `the table of tokens and the recognised name agree`() throws {
    let patterns: [(String, String)] = [
      ("san_uri", "spiffe://a/x"), ("san_uri", "spiffe://a/*"), ("san_uri", "spiffe://a/x/*"),
      ("san_uri", "*"),
      ("san_dns", "web.b.org"), ("san_dns", "*.b.org"), ("san_dns", "*"),
    ]
    let text = patterns.enumerated().map { index, pattern in
      """
      token "t\(index)" {
        accessor_id = "6a1253d2-1785-24fd-91c2-f8e78c74551\(index)"
        policies    = []
        client_certificate { \(pattern.0) = ["\(pattern.1)"] }
      }

      """
    }.joined()
    let set = try policySet(text)
    let uris = ["spiffe://a/x", "spiffe://a/y", "spiffe://a/x/y", "https://c/d"]
    let hosts = ["web.b.org", "ci.b.org", "a.b.c.org", "host"]
    var random = SeededGenerator(seed: 7)
    var seen: Set<ByteString> = []
    for _ in 0..<500 {
      let connection = shown(
        uris: (0..<Int.random(in: 0...2, using: &random)).compactMap { _ in uris.randomElement(using: &random)
        },
        dns: (0..<Int.random(in: 0...2, using: &random)).compactMap { _ in hosts.randomElement(using: &random)
        })
      guard let subject = set.subject(forCertificateOf: connection) else {
        #expect(connection.uris.isEmpty && connection.dnsNames.isEmpty)
        continue
      }
      let name = try #require(subject.recognisedName(on: connection))
      let best = set.tokens.compactMap { token in
        token.certificate?.recognise(connection).map { (token, $0) }
      }.max { one, other in precision(one.0) < precision(other.0) }
      #expect(best?.0.name == subject.name)
      #expect(best?.1.text == name.text)
      seen.insert(subject.name)
    }
    #expect(seen.count == patterns.count)
  }

  private func precision(_ token: TokenStanza) -> Int {
    (token.certificate?.uris.first ?? token.certificate?.dnsNames.first)?.precision ?? -1
  }
}
