// SHA-256 and HMAC against the published values.

import Digests
import Testing

@Suite struct SHA256Tests {
  /// FIPS 180-2, appendix B, and the empty message.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      String(repeating: "a", count: 1_000_000),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    ),
  ])
  func `the standard's examples`(_ message: String, _ digest: String) {
    #expect(SHA256.digest(of: message).hexadecimal == digest)
  }

  @Test func `pieces make the same digest as the whole`() {
    let message = Array("The quick brown fox jumps over the lazy dog".utf8)
    for cut in 0...message.count {
      var running = SHA256()
      running.update(message.span.extracting(0..<cut))
      running.update(message.span.extracting(cut..<message.count))
      #expect(running.finish() == SHA256.digest(of: message.span))
    }
  }

  @Test func `one can be used for message after message`() {
    var running = SHA256()
    #expect(running.finish() == SHA256.digest(of: ""))
    running.update("abc".utf8.span)
    #expect(running.finish() == SHA256.digest(of: "abc"))
    running.update("abc".utf8.span)
    #expect(running.finish() == SHA256.digest(of: "abc"))
  }

  @Test func `threads do not disturb one another`() async {
    await withTaskGroup(of: Bool.self) { group in
      for number in 0..<8 {
        group.addTask {
          let expected = SHA256.digest(of: "\(number)")
          return (0..<200).allSatisfy { _ in SHA256.digest(of: "\(number)") == expected }
        }
      }
      for await isSame in group { #expect(isSame) }
    }
  }
}

@Suite struct SHA256DigestTests {
  private let text = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

  @Test func `its spellings agree`() throws {
    let digest = try #require(SHA256Digest(hexadecimal: text))
    #expect(digest.hexadecimal == text)
    #expect(digest == SHA256.digest(of: "abc"))
    #expect(digest.bytes.count == SHA256Digest.byteCount)
    #expect(SHA256Digest(bytes: digest.bytes.span) == digest)
    var appended: [UInt8] = []
    appended.append(addingCapacity: 64) { digest.appendHexadecimal(to: &$0) }
    #expect(String(decoding: appended, as: UTF8.self) == text)
  }

  @Test func `only 64 lower-case digits are a digest`() {
    #expect(SHA256Digest(hexadecimal: String(text.dropLast())) == nil)
    #expect(SHA256Digest(hexadecimal: String(text.dropLast(2))) == nil)
    #expect(SHA256Digest(hexadecimal: text + "00") == nil)
    #expect(SHA256Digest(hexadecimal: text.uppercased()) == nil)
    #expect(SHA256Digest(hexadecimal: " " + text.dropFirst()) == nil)
    #expect(SHA256Digest(bytes: [UInt8](repeating: 0, count: 31).span) == nil)
    #expect(SHA256Digest(bytes: [UInt8](repeating: 0, count: 33).span) == nil)
  }

  @Test func `a difference in any bit makes another digest`() throws {
    let digest = SHA256.digest(of: "abc")
    for bit in 0..<256 {
      var bytes = digest.bytes
      bytes[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(SHA256Digest(bytes: bytes.span) != digest)
    }
  }
}

@Suite struct HMACSHA256Tests {
  /// RFC 4231, test cases 1, 2, 3 and 6.
  @Test(arguments: [
    (
      [UInt8](repeating: 0x0B, count: 20), Array("Hi There".utf8),
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    ),
    (
      Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    ),
    (
      [UInt8](repeating: 0xAA, count: 20), [UInt8](repeating: 0xDD, count: 50),
      "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
    ),
    (
      [UInt8](repeating: 0xAA, count: 131),
      Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    ),
  ])
  func `the RFC's examples, each made twice with one key`(_ key: [UInt8], _ message: [UInt8], _ code: String)
  {
    var authenticator = HMACSHA256(key: key.span)
    #expect(authenticator.code(for: message.span).hexadecimal == code)
    #expect(authenticator.code(for: message.span).hexadecimal == code)
  }

  @Test func `an empty key and an empty message have a code`() {
    var authenticator = HMACSHA256(key: [UInt8]().span)
    #expect(
      authenticator.code(for: "").hexadecimal
        == "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad")
  }
}

@Suite struct ConstantTimeTests {
  @Test func `equal means equal`() {
    #expect(ConstantTime.areEqual("", ""))
    #expect(ConstantTime.areEqual("secret", "secret"))
    #expect(!ConstantTime.areEqual("secret", "secres"))
    #expect(!ConstantTime.areEqual("secret", "Secret"))
    #expect(!ConstantTime.areEqual("secret", "secret "))
    #expect(!ConstantTime.areEqual("", "x"))
  }
}

@Suite struct RandomnessTests {
  @Test func `as many bytes as asked for, and never the same`() throws {
    #expect(try Randomness.bytes(0).isEmpty)
    #expect(try Randomness.bytes(33).count == 33)
    #expect(try Randomness.bytes(32) != Randomness.bytes(32))
  }

  @Test func `identifiers have Consul's form and do not repeat`() throws {
    var source = IdentifierSource(reserve: 3)
    var seen: Set<String> = [try Randomness.identifier()]
    for _ in 0..<100 {
      var text: [UInt8] = []
      try source.appendNext(to: &text)
      seen.insert(String(decoding: text, as: UTF8.self))
    }
    #expect(seen.count == 101)
    for identifier in seen {
      let parts = identifier.split(separator: "-", omittingEmptySubsequences: false)
      #expect(parts.map(\.count) == [8, 4, 4, 4, 12])
      #expect(parts.joined().allSatisfy { $0.isHexDigit && !$0.isUppercase })
    }
  }
}
