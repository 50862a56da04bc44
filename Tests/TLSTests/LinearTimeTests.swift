// What a peer's certificate or handshake says, and what a file holds, costs time in proportion to its length.

import Support
import Testing

@testable import TLS

@Suite struct LinearTimeTests {
  static let readers: [TextReader] = [
    TextReader("server name") { text in
      for name in [text, "a." + text, text + ".", "::" + text, "1.2.3." + text] { _ = ServerName(name) }
    },
    TextReader("quoted text") { _ = Quoted.text($0.utf8, limit: .max) },
    TextReader("offered protocols") { text in
      let bytes = Array(text.utf8)
      _ = (ApplicationProtocol.choose(from: bytes.span), ApplicationProtocol.names(in: bytes.span))
    },
    TextReader("TLS version") { _ = ProtocolVersion(setting: $0) },
    TextReader("PEM") { text in
      let texts = [
        text, "-----BEGIN \(text)-----\n\(text)\n-----END \(text)-----\n",
        "-----BEGIN A-----\n\(text)\n-----END A-----",
        "-----BEGIN A-----\na: \(text)\n\n\(text)\n-----END A-----", "MII" + text, "-----begin " + text,
        "x " + text + "----",
      ]
      for text in texts {
        do throws(TLSError) { _ = try PEM.blocks(in: Array(text.utf8), file: text) } catch {
          _ = error.reason
        }
      }
    },
  ]

  @Test(arguments: readers) func `is read in linear time`(reader: TextReader) {
    #expect(reader.superlinear() == [])
  }

  @Test(arguments: ["\n", "a\n", "-----BEGIN A-----\nMAA=\n-----END A-----\n", "\r\n", " \n"])
  func `many lines of PEM are read in linear time`(lines: String) {
    let ratio = Growth.ratio(of: lines) { text in
      var reader = PEMReader(Array(text.utf8))
      _ = try? reader.blocks()
    }
    #expect(ratio < Growth.limit)
  }

  /// One name of that length, and as many short ones as have it together.
  @Test(arguments: ["a", "*.", "a.", "%41"]) func `the names of a certificate are read in linear time`(
    filling: String
  )
    throws
  {
    let authority = try DevelopmentAuthority()
    func certificate(_ bytes: Int) throws -> [UInt8] {
      let text = Growth.text(of: filling, bytes: bytes)
      let many: [SubjectAlternativeName] = (0..<bytes / 40).map { .uri("https://a/\($0)") }
      return try authority.issueClient(commonName: "a", names: [.dns(text), .uri("https://" + text)] + many)
        .chain[0]
    }
    let (short, long) = (
      try certificate(Growth.shortBytes), try certificate(Growth.shortBytes * Growth.factor)
    )
    func work(_ der: [UInt8]) -> () -> Void {
      {
        guard let certificate = Certificate.decode(der) else { return }
        _ = SubjectAlternativeName.all(of: certificate)
      }
    }
    #expect(Growth.ratio(work(short), work(long)) < Growth.limit)
  }
}
