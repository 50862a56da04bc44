// Names of peers and partitions.

import Testing

@testable import Peering

struct NameTests {
  @Test(arguments: ["a", "0", "a-b", "a--b", "xn--a", "123", "token", String(repeating: "n", count: 63)])
  func `a name is valid`(_ text: String) {
    #expect(PeerName(text)?.text == text)
    #expect(PeerName(text).map { "\($0)" } == text)
    #expect(Partition(text)?.name == text)
  }

  @Test(arguments: [
    "", "-", "-a", "a-", "A", "aB", "a_b", "a.b", "a b", "a/b", "a\n", "a\0", "é", "a%41", "ſ", "\u{212A}",
    String(repeating: "n", count: 64),
  ])
  func `a name is not valid`(_ text: String) {
    #expect(PeerName(text) == nil)
    #expect(Partition(text) == nil)
  }

  /// At each place, since longer names are judged eight bytes at a time.
  @Test(arguments: [1, 2, 3, 7, 8, 9, 16, 21])
  func `every single byte is judged as Consul's rule does`(_ length: Int) {
    for place in 0..<length {
      for byte in UInt8.min...UInt8.max {
        let isAlphanumeric = (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
        let isInside = place > 0 && place < length - 1
        var name = [UInt8](repeating: 0x7A, count: length)
        name[place] = byte
        #expect((PeerName(name.span) != nil) == (isAlphanumeric || isInside && byte == 0x2D))
      }
    }
  }

  @Test func `names compare by their bytes, and the longer comes last`() throws {
    let names = ["a", "a--b", "a-b", "a0", "aa", "b"].compactMap { PeerName($0) }
    #expect(names.count == 6)
    #expect(names.shuffled().sorted() == names)
    #expect(try #require(PeerName("ab")) != names[0])
    #expect(Set(names + names).count == names.count)
  }

  @Test func `a prefix is one of bytes`() throws {
    let name = try #require(PeerName("team-a-1"))
    for (prefix, expected) in [
      ("", true), ("team-a-", true), ("team-a-1", true), ("team-a-12", false), ("Team", false),
    ] {
      let isPrefix = name.hasPrefix(Array(prefix.utf8).span)
      #expect(isPrefix == expected, "\(prefix)")
    }
  }

  @Test func `the default partition is one value`() {
    #expect(Partition("default") == .default)
    #expect(Partition.default.isDefault)
    #expect(Partition("default2")?.isDefault == false)
  }
}
