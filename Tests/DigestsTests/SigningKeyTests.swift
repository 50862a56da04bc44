// Ed25519: keys, files, signatures.

import Digests
import Testing

@Suite struct SigningKeyTests {
  @Test func `a file with another block, whatever stands before it, is no key file`() throws {
    func made(_ byte: UInt8) throws -> String {
      String(decoding: try SigningKey(seed: [UInt8](repeating: byte, count: 32).span).pem(), as: UTF8.self)
    }
    let (pem, other) = (try made(1), try made(2))
    for text in [pem, "# this is where the keys begin\n\(pem)"] {
      _ = try SigningKey(pem: Array(text.utf8).span)
    }
    let texts: [String] = [
      "\(pem)\(other)", "\(pem) \(other)", "#\(other)\(pem)", "\(pem)----BEGIN X----\n",
      "\(pem)-----begin x-----\n", "\(pem)----- BEGIN X -----\n", "\(pem)\r\(other)",
    ]
    for text in texts {
      #expect(throws: DigestError.self, "\(text)") { _ = try SigningKey(pem: Array(text.utf8).span) }
    }
  }

  /// RFC 8032 section 7.1, tests 1 to 3.
  @Test(arguments: [
    (
      "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        + "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
    ),
    (
      "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    ),
    (
      "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        + "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
    ),
  ])
  func `the RFC's examples`(_ seed: String, _ publicKey: String, _ message: String, _ signature: String)
    throws
  {
    let seed = try Hexadecimal.decode(seed.utf8.span)
    let message = try Hexadecimal.decode(message.utf8.span)
    let key = try SigningKey(seed: seed.span)
    let verifying = try key.verifyingKey()
    #expect(Hexadecimal.encode(verifying.bytes.span) == publicKey)
    let made = try key.sign(message.span)
    #expect(Hexadecimal.encode(made.span) == signature)
    #expect(try verifying.isValid(signature: made.span, for: message.span))
  }

  @Test func `a signature holds for its message and key alone`() throws {
    let key = try SigningKey.generate()
    let other = try SigningKey.generate()
    let message = Array("checkpoint 17".utf8)
    let signature = try key.sign(message.span)
    let verifying = try key.verifyingKey()
    #expect(try verifying.isValid(signature: signature.span, for: message.span))
    let longer = message + [0]
    #expect(try !verifying.isValid(signature: signature.span, for: longer.span))
    let otherVerifying = try other.verifyingKey()
    #expect(try !otherVerifying.isValid(signature: signature.span, for: message.span))
    let short = Array(signature.dropLast())
    #expect(try !verifying.isValid(signature: short.span, for: message.span))
    for index in signature.indices {
      var broken = signature
      broken[index] ^= 1
      #expect(try !verifying.isValid(signature: broken.span, for: message.span))
    }
  }

  @Test func `keys survive as PEM`() throws {
    let key = try SigningKey.generate()
    let verifying = try key.verifyingKey()
    let secretText = try key.pem()
    let publicText = try verifying.pem()
    #expect(String(decoding: secretText, as: UTF8.self).hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
    #expect(String(decoding: publicText, as: UTF8.self).hasPrefix("-----BEGIN PUBLIC KEY-----\n"))
    let again = try SigningKey(pem: secretText.span)
    #expect(try again.verifyingKey() == verifying)
    let read = try VerifyingKey(pem: publicText.span)
    #expect(read == verifying)
    #expect(read.fingerprint == verifying.fingerprint)
  }

  private static let notKeys = [
    "", "no key", pem("PRIVATE KEY", []), pem("PRIVATE KEY", [0, 1, 2]), pem("PUBLIC KEY", [0, 1, 2]),
    elliptic,
    String(repeating: "x", count: 1 << 20),
  ]

  /// A sound PKCS #8 key, but of the curve P-256.
  private static let elliptic: String = {
    let algorithm: [UInt8] = [
      0x30, 0x41, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01, 0x06,
      0x08,
      0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07, 0x04, 0x27, 0x30, 0x25, 0x02, 0x01, 0x01, 0x04, 0x20,
    ]
    return pem("PRIVATE KEY", algorithm + [UInt8](repeating: 7, count: 32))
  }()

  private static func pem(_ kind: String, _ contents: [UInt8], headers: String = "") -> String {
    "-----BEGIN \(kind)-----\n\(headers)\(Base64.encode(contents.span))\n-----END \(kind)-----\n"
  }

  @Test(arguments: notKeys) func `what is no Ed25519 key is refused`(_ text: String) {
    let bytes = Array(text.utf8)
    let error = #expect(throws: DigestError.self) { _ = try SigningKey(pem: bytes.span) }
    guard case .unusableKey = error else {
      Issue.record("not called an unusable key: \(String(describing: error))")
      return
    }
    #expect(throws: DigestError.self) { _ = try VerifyingKey(pem: bytes.span) }
  }

  @Test func `an encrypted key is refused without asking for a password`() {
    let headers = "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00112233445566778899AABBCCDDEEFF\n\n"
    let text = Self.pem("PRIVATE KEY", [UInt8](repeating: 7, count: 64), headers: headers)
    let bytes = Array(text.utf8)
    #expect(throws: DigestError.self) { _ = try SigningKey(pem: bytes.span) }
  }

  @Test func `a public key is no signing key, and 31 bytes are no key`() throws {
    let verifying = try SigningKey.generate().verifyingKey()
    let text = try verifying.pem()
    #expect(throws: DigestError.self) { _ = try SigningKey(pem: text.span) }
    let short = [UInt8](repeating: 1, count: 31)
    #expect(VerifyingKey(bytes: short.span) == nil)
    #expect(throws: DigestError.self) { _ = try SigningKey(seed: short.span) }
  }
}
