// Names of certificates, addresses and whatever else a policy is asked about cost time in proportion to their length.

import Bytes
import HCL
import Peering
import Support
import Testing

@testable import Policy

@Suite struct LinearTimeTests {
  static let readers: [TextReader] = [
    TextReader("address") { _ = Address($0) },
    TextReader("address with colons") { _ = Address("::" + $0) },
    TextReader("range") { text in
      for range in [text, "10.0.0.0/" + text, text + "/8", "::/" + text] { _ = try? AddressRange(range) }
    },
    TextReader("URI") { text in
      for uri in [text, "spiffe://" + text, "spiffe://a/" + text, text + "://a"] {
        _ = try? CertificateURI(ByteString(uri))
      }
    },
    TextReader("DNS name") { _ = try? CertificateDNSName(ByteString($0)) },
    TextReader("pattern") { text in
      for pattern in [text, "spiffe://" + text + "/*", "*." + text, "*" + text, text + "*"] {
        _ = try? NamePattern(ByteString(pattern), .uri)
        _ = try? NamePattern(ByteString(pattern), .dns)
      }
    },
    TextReader("certificate") { text in
      _ = PolicyAttributes(
        source: nil, certificateURIs: [text, "spiffe://" + text, "sPiFFe:" + text],
        certificateDNSNames: [text, "*." + text, text + ".a"])
    },
    TextReader("accessor ID") { _ = AccessorID(ByteString($0)) },
    TextReader("instant") { _ = Timestamp($0) },
    TextReader("names of stanzas") { text in
      _ = (StanzaName.isToken(ByteString(text)), StanzaName.isPolicy(ByteString(text)))
    },
    TextReader("names of files") { text in
      for name in [text, text + ".hcl", text + ".json", text + "_test.hcl", "." + text] {
        _ = (PolicyFile.isPolicy(ByteString(name)), PolicyFile.isTest(ByteString(name)))
      }
    },
    TextReader("what is wrong with a folder") { text in
      _ =
        "\(FolderError.unreadable(path: text, reason: "r"))\(FolderError.unreadableName(path: text, name: text))"
    },
    TextReader("line of an audit log") { text in
      for line in [
        text, "{\"\(text)\":1}",
        "{\"event_type\":\"audit\",\"payload\":{\"request\":{\"endpoint\":\"\(text)\"}}}",
      ] {
        _ = try? AuditedRequest(Array(line.utf8).span)
      }
    },
  ]

  @Test(arguments: readers) func `is read in linear time`(reader: TextReader) {
    #expect(reader.superlinear() == [])
  }

  /// A pattern is held against all names of a certificate, and none of them is gone through more than once for it: the
  /// cost is the patterns' number times the names' length, however alike they are.
  @Test(arguments: ["a/", "a"]) func `names are matched in time linear in their length`(filling: String)
    throws
  {
    func facts(_ bytes: Int) -> PolicyAttributes {
      let path = Growth.text(of: filling, bytes: bytes) + "z"
      return PolicyAttributes(
        source: nil, certificateURIs: (0..<32).map { "https://h\($0)/" + path }, certificateDNSNames: [])
    }
    func names(_ bytes: Int) throws -> CertificateNames {
      let path = Growth.text(of: filling, bytes: bytes)
      return CertificateNames(
        uris: try (0..<32).map { try NamePattern(ByteString("https://h\($0)/" + path + "y/*"), .uri) },
        dnsNames: [])
    }
    let most = PolicyLimits.certificateNameBytes - 64
    let (short, long) = (facts(most / Growth.factor), facts(most))
    let (few, many) = (try names(most / Growth.factor), try names(most))
    let ratio = Growth.ratio(
      { for _ in 0..<50 { _ = few.recognise(short) } }, { for _ in 0..<50 { _ = many.recognise(long) } })
    #expect(ratio < Growth.limit)
    #expect(!long.uris.isEmpty)
  }

  /// Keys each of which begins the next are the longest families there are.
  @Test func `a prefix is found in time linear in the name, however many begin each other`() {
    func table(_ count: Int) -> KeyTable {
      KeyTable((1...count).map { (key: Array(repeating: UInt8(ascii: "a"), count: $0), value: Int32($0)) })
    }
    let (small, large) = (table(256), table(256 * Growth.factor))
    func work(_ table: KeyTable, _ count: Int) -> () -> Void {
      let name = Array(repeating: UInt8(ascii: "a"), count: count)
      return { for _ in 0..<20 { _ = table.longestPrefix(of: name.span) } }
    }
    #expect(Growth.ratio(work(small, 256), work(large, 256 * Growth.factor)) < Growth.limit)
  }
}
