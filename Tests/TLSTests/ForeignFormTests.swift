// Files in another form than PEM, and what is no file at all.

import Foundation
import Support
import Testing

@testable import TLS

@Suite struct ForeignFormTests {
  private let pki: TestPKI
  private let folder: ScratchFolder

  init() throws {
    pki = try TestPKI()
    folder = try ScratchFolder()
  }

  private var bad: String { folder.path + "/bad" }

  private func reason(_ bytes: [UInt8], asKey: Bool = false) throws -> String {
    try Data(bytes).write(to: URL(filePath: bad))
    return reason(asKey: asKey)
  }

  /// What is said of the file as a certificate, or as a key.
  private func reason(asKey: Bool = false) -> String {
    do throws(TLSError) {
      _ = try Identity.load(
        certificateFile: asKey ? pki.serverCertificateFile : bad, keyFile: asKey ? bad : pki.serverKeyFile,
        for: .server)
      return "fine"
    } catch {
      #expect(error.party == .operator)
      return String(error.reason.trimmingPrefix("\(bad): "))
    }
  }

  private func sequence(_ content: [UInt8]) -> [UInt8] {
    [0x30, 0x82, UInt8(content.count >> 8), UInt8(content.count & 0xFF)] + content
  }

  @Test func `DER is told from PEM, and with what to convert it`() throws {
    let list = try pki.authority.revocationListPEM(of: [])
    let der = try #require(try PEM.blocks(in: Array(list.utf8), file: "").first?.der)
    #expect(
      try reason(pki.server.chain[0]).hasPrefix(
        "is a certificate in DER, not PEM: convert it with openssl x509 "))
    #expect(
      try reason(pki.server.key.der, asKey: true).hasPrefix("is a private key in DER, not PEM: convert it"))
    #expect(try reason(der).hasPrefix("is a CRL in DER, not PEM: convert it with openssl crl "))
    let filling = [UInt8](repeating: 0, count: 300)
    #expect(try reason(sequence([0x02, 0x01, 0x03, 0x30, 0x82] + filling)).hasPrefix("is PKCS#12: "))
    #expect(try reason([0x30, 0x80, 0x02, 0x01, 0x03, 0x30, 0x80] + filling).hasPrefix("is PKCS#12: "))
    let object: [UInt8] = [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01]
    #expect(try reason(sequence(object + [0x07, 0x02] + filling)).hasPrefix("is PKCS#7 in DER: "))
    #expect(
      try reason(sequence([0x30, 0x40] + object + [0x05, 0x0D] + filling), asKey: true)
        .hasPrefix("is an encrypted private key in DER: "))
    #expect(try reason(sequence([0x02, 0x01, 0x00] + filling)).hasPrefix("is DER, not PEM, and neither "))
    #expect(try reason(sequence([0x31])).hasPrefix("is DER, "))
  }

  @Test func `text in another encoding is told so`() throws {
    let pem = try pki.server.certificatePEM
    for encoding in [String.Encoding.utf16LittleEndian, .utf16BigEndian] {
      let plain = Array(try #require(pem.data(using: encoding)))
      #expect(try reason(plain).hasPrefix("is UTF-16 text"))
      let mark: [UInt8] = encoding == .utf16LittleEndian ? [0xFF, 0xFE] : [0xFE, 0xFF]
      #expect(try reason(mark + plain).hasPrefix("is UTF-16 text"))
    }
    #expect(try reason([0xEF, 0xBB, 0xBF] + Array(pem.utf8)).hasPrefix("begins with a byte order mark"))
    for blank in ["", "\n", " \r\n\t\n"] { #expect(try reason(Array(blank.utf8)).hasPrefix("is empty; ")) }
    // It begins as a sequence does, and is none.
    #expect(try reason(Array("0\u{10}x".utf8)) != "fine")
    #expect(try reason(Array("0 = nothing\n".utf8)).hasPrefix("is not PEM; "))
  }

  @Test func `keys of other programs are told so`() throws {
    let open = "-----BEGIN OPENSSH PRIVATE KEY-----\nMAA=\n-----END OPENSSH PRIVATE KEY-----\n"
    #expect(try reason(Array(open.utf8), asKey: true).contains("OpenSSH's own form: ssh-keygen -p -m PKCS8"))
    for word in ["ssh-rsa AAAA", "ssh-ed25519 AAAA", "ecdsa-sha2-nistp256 AAAA"] {
      #expect(try reason(Array("\(word) me@here\n".utf8), asKey: true).hasPrefix("is a public key of SSH"))
    }
    #expect(
      try reason(Array("PuTTY-User-Key-File-3: ssh-rsa\n".utf8), asKey: true).hasPrefix("is a key of PuTTY"))
    #expect(try reason([0xFE, 0xED, 0xFE, 0xED, 0, 0, 0, 2]).hasPrefix("is a Java keystore"))
    let request = "-----BEGIN CERTIFICATE REQUEST-----\nMAA=\n-----END CERTIFICATE REQUEST-----\n"
    #expect(try reason(Array(request.utf8)) == "holds no certificate, only CERTIFICATE REQUEST")
  }

  /// A pipe that nobody writes to would be waited for, a device read for ever: this ends, or the test never does.
  @Test func `what is no file is not read`() throws {
    #expect(unsafe mkfifo(bad, 0o600) == 0)
    for asKey in [false, true] { #expect(reason(asKey: asKey) == "is a pipe or a device, expected a file") }
    #expect(unsafe unlink(bad) == 0)
    for device in ["/dev/zero", "/dev/null"] {
      #expect(unsafe symlink(device, bad) == 0)
      for asKey in [false, true] { #expect(reason(asKey: asKey) == "is a pipe or a device, expected a file") }
      #expect(unsafe unlink(bad) == 0)
    }
    #expect(unsafe symlink(folder.path, bad) == 0)
    #expect(reason() == "is a directory, expected a file")
  }

  @Test func `a huge file is refused unread`() throws {
    try Data().write(to: URL(filePath: bad))
    #expect(unsafe truncate(bad, 1 << 40) == 0)
    for asKey in [false, true] {
      #expect(reason(asKey: asKey).hasPrefix("has more than \(TLSLimits.fileBytes) bytes"))
    }
  }
}
