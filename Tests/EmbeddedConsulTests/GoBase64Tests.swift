// Base64 with the leniency and the offsets of Go.

import Bytes
import Testing

@testable import EmbeddedConsul

@Suite struct GoBase64Tests {
  @Test(arguments: ["", "f", "fo", "foo", "foob", "fooba", "foobar", "\u{0}\u{FF}"])
  func `what is encoded is decoded`(text: String) throws {
    #expect(try GoBase64.decode(Array(GoBase64.encode(Array(text.utf8)).utf8)) == Array(text.utf8))
  }

  @Test(arguments: [
    ("Zm9v\nYmFy", "foobar"), ("Zm9vYg=\r\n=\n", "foob"), ("Zm9vYg==", "foob"), ("Zm9vYh==", "foob"),
    ("Zm9vYmE=", "fooba"),
  ])
  func `line ends are skipped and left-over bits are not looked at`(text: String, plain: String) throws {
    #expect(try GoBase64.decode(Array(text.utf8)) == Array(plain.utf8))
  }

  @Test(arguments: [
    ("!!!", 0), ("Zm9v YmFy", 4), ("Zm-v", 2), ("garbage", 4), ("Z", 0), ("Zm", 0), ("Zm9", 0), ("Zg=", 3),
    ("Zg=a", 2),
    ("=", 0), ("Z=", 1), ("Zg==Zg==", 4), ("Zm9vYg==x", 8), ("Zm8==", 4),
  ])
  func `the first byte that cannot be is named`(text: String, offset: Int) {
    do {
      _ = try GoBase64.decode(Array(text.utf8))
      Issue.record("accepted \(text)")
    } catch {
      #expect(error.offset == offset, "\(text)")
    }
  }
}
