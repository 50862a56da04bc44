// Base64 as RFC 4648 has it, and as Consul reads it.

import Digests
import Testing

@Suite struct Base64Tests {
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
    ("foobar", "Zm9vYmFy"),
  ])
  func `the RFC's examples go both ways`(_ text: String, _ encoded: String) throws {
    #expect(Base64.encode(text.utf8.span) == encoded)
    #expect(try Base64.decode(encoded.utf8.span) == Array(text.utf8))
    #expect(try Base64.decodeAsConsul(encoded.utf8.span) == Array(text.utf8))
  }

  @Test func `every byte goes both ways`() throws {
    let bytes = (0...255).map { UInt8($0) }
    let encoded = Base64.encode(bytes.span)
    #expect(encoded.hasPrefix("AAECAwQFBgcICQoLDA0ODxAREhMU"))
    #expect(encoded.hasSuffix("9vf4+fr7/P3+/w=="))
    #expect(try Base64.decode(encoded.utf8.span) == bytes)
  }

  private func offset(_ text: String, lenient: Bool = false) -> Int? {
    let bytes = Array(text.utf8)
    do throws(DigestError) {
      _ = lenient ? try Base64.decodeAsConsul(bytes.span) : try Base64.decode(bytes.span)
      return nil
    } catch {
      guard case .illegalBase64(let offset) = error else { return -1 }
      return offset
    }
  }

  /// The offsets are those of Go's encoding/base64; `garbage` and `!!!` were recorded with a real Consul.
  @Test(arguments: [
    ("garbage", 4), ("!!!", 0), ("!!", 0), ("Zg", 0), ("Zg=", 3), ("Zg==Zg==", 4), ("Zg=Z", 2), ("Z", 0),
    ("Z===", 1),
    ("=", 0), ("====", 0), ("Zm9v=", 4), ("Zm9vYg", 4), ("Zm9vY", 4), ("Zm8=x", 4), ("Zm9v Zm9v", 4),
    ("Zm-_", 2),
    ("Zm9v\u{E9}", 4), ("Zg\n", 1), ("Zg=\n", 4), ("Zg=\nx", 3), ("Zg==\nx", 5), ("Zm9v\r\nYg", 6),
  ])
  func `Consul names the byte that stops it`(_ text: String, _ offset: Int) {
    #expect(self.offset(text, lenient: true) == offset)
    #expect(self.offset(text) != nil)
  }

  @Test(arguments: [
    ("Zm9v\nYg==\n", "foob"), ("\r\nZ\nm\n9\nv", "foo"), ("Zg=\r\n=", "f"), ("Zh==", "f"), ("Zm9=", "fo"),
    ("\n", ""),
  ])
  func `what Consul tolerates the strict reading refuses`(_ text: String, _ decoded: String) throws {
    #expect(try Base64.decodeAsConsul(Array(text.utf8).span) == Array(decoded.utf8))
    #expect(offset(text) != nil)
  }

  @Test func `the message is Consul's`() {
    #expect("\(DigestError.illegalBase64(offset: 4))" == "illegal base64 data at input byte 4")
  }
}

@Suite struct HexadecimalTests {
  @Test func `bytes go both ways`() throws {
    let bytes: [UInt8] = [0x00, 0x0F, 0xA5, 0xFF]
    #expect(Hexadecimal.encode(bytes.span) == "000fa5ff")
    #expect(try Hexadecimal.decode("000fa5ff".utf8.span) == bytes)
  }

  @Test(arguments: [("0", 1), ("000", 3), ("0g", 1), ("g0", 0), ("0A", 1), ("00 0", 2)])
  func `anything but pairs of lower-case digits is refused`(_ text: String, _ offset: Int) {
    #expect(throws: DigestError.illegalHexadecimal(offset: offset)) {
      _ = try Hexadecimal.decode(text.utf8.span)
    }
  }
}
