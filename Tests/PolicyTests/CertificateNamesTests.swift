// Patterns for the names in client certificates.
import Testing

@testable import Policy

struct CertificateNamesTests {
  @Test func `a name matches itself, and with a trailing asterisk what begins so`() throws {
    let exact = try NamePattern("spiffe://example.org/ns/a", .uri).pattern
    #expect(exact.matches("spiffe://example.org/ns/a"))
    #expect(!exact.matches("spiffe://example.org/ns/a/b"))
    let prefix = try NamePattern("spiffe://example.org/ns/*", .uri).pattern
    #expect(prefix.matches("spiffe://example.org/ns/a/b"))
    #expect(!prefix.matches("spiffe://example.org/n"))
    #expect(!prefix.matches("spiffe://example.org.evil/ns/a"))
  }

  @Test func `a Kelvin sign is not a K`() throws {
    let uri = CertificateNames(uris: [try NamePattern("spiffe://a/K", .uri)], dnsNames: [])
    #expect(!uri.matches(ConnectionFacts(source: nil, certificateURIs: ["spiffe://a/\u{212a}"])))
    let dns = CertificateNames(uris: [], dnsNames: [try NamePattern("k", .dns)])
    #expect(!dns.matches(ConnectionFacts(source: nil, certificateDNSNames: ["\u{212a}"])))
    #expect(dns.matches(ConnectionFacts(source: nil, certificateDNSNames: ["K"])))
  }

  @Test(
    arguments: [
      ("", .uri, .empty), ("a*b", .uri, .innerAsterisk), ("*.example.org", .dns, .innerAsterisk),
      ("a b", .uri, .foreignByte), ("a\"b", .uri, .foreignByte), ("${a}", .uri, .foreignByte),
      ("ä", .dns, .foreignByte), ("a\n", .uri, .foreignByte), ("Web", .dns, .upperCase),
      (String(repeating: "a", count: 2049), .uri, .tooLong(bytes: 2049)),
    ] as [(String, NamePattern.Kind, NamePattern.Fault)])
  func `other patterns are refused`(text: String, kind: NamePattern.Kind, fault: NamePattern.Fault) {
    #expect(throws: fault) { try NamePattern(text, kind) }
  }

  @Test func `a pattern may be 2048 bytes long`() throws {
    let text = String(repeating: "a", count: 2048)
    #expect(try NamePattern(text, .uri).text == text)
  }

  @Test func `a prefix that ends inside the trust domain is noticed`() throws {
    #expect(try NamePattern("spiffe://example.org*", .uri).endsInsideTrustDomain)
    #expect(!(try NamePattern("spiffe://example.org/*", .uri).endsInsideTrustDomain))
    #expect(!(try NamePattern("spiffe://example.org", .uri).endsInsideTrustDomain))
    #expect(!(try NamePattern("web-*", .dns).endsInsideTrustDomain))
  }

  @Test func `any one name of either kind suffices`() throws {
    let names = CertificateNames(
      uris: [try NamePattern("spiffe://a/x", .uri)], dnsNames: [try NamePattern("web-*", .dns)])
    #expect(names.matches(ConnectionFacts(source: nil, certificateURIs: ["spiffe://a/y", "spiffe://a/x"])))
    #expect(names.matches(ConnectionFacts(source: nil, certificateDNSNames: ["WEB-1"])))
    #expect(!names.matches(ConnectionFacts(source: nil, certificateURIs: ["web-1"])))
    #expect(!names.matches(ConnectionFacts(source: nil)))
  }
}
