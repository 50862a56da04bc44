// Text from outside is what its bytes are.

import Bytes
import Testing

@Suite struct ByteStringTests {
  @Test func `canonically equivalent texts are different texts`() {
    let composed: ByteString = "\u{E9}"
    let decomposed: ByteString = "e\u{301}"
    #expect(composed.string == decomposed.string)
    #expect(composed != decomposed)
    #expect(Set([composed, decomposed]).count == 2)
  }

  @Test func `order, prefix and suffix are those of the bytes`() {
    #expect("e\u{301}" < ("\u{E9}" as ByteString))
    #expect(("e\u{301}" as ByteString).hasPrefix("e"))
    #expect(!("a\r\nb" as ByteString).hasPrefix("a\n"))
    #expect(("a\r\n" as ByteString).hasSuffix("\n"))
    #expect(!("ab" as ByteString).hasPrefix("abc"))
    #expect(!("ab" as ByteString).hasSuffix("cab"))
  }

  @Test func `only ASCII letters lose their case`() {
    #expect(("ÀZ-\u{212A}" as ByteString).lowercasedASCII == "Àz-\u{212A}")
    #expect(("Name" as ByteString).equalsIgnoringASCIICase("nAME"))
    #expect(!("\u{212A}" as ByteString).equalsIgnoringASCIICase("k"))
  }

  @Test func `bytes that are no UTF-8 are no text`() {
    let bytes: [UInt8] = [0x61, 0xFF]
    #expect(ByteString(validating: bytes.span) == nil)
    #expect(ByteString(validating: bytes.span.extracting(..<1)) == "a")
  }
}
