// Exact and longest-prefix questions against the obvious answer.
import Bytes
import Testing

@testable import Policy

struct KeyTableTests {
  private func table(_ keys: [String]) -> KeyTable {
    KeyTable(keys.enumerated().map { (Array($0.element.utf8), Int32($0.offset)) })
  }

  @Test func `an empty table knows nothing`() {
    let table = table([])
    #expect(table.isEmpty)
    #expect(table.value(of: "a".utf8.span) == nil)
    #expect(table.longestPrefix(of: "a".utf8.span) == nil)
  }

  @Test func `the empty key begins everything`() {
    let table = table([""])
    #expect(table.longestPrefix(of: "".utf8.span)?.length == 0)
    #expect(table.longestPrefix(of: "zebra".utf8.span)?.value == 0)
    #expect(table.value(of: "zebra".utf8.span) == nil)
    #expect(table.value(of: "".utf8.span) == 0)
  }

  @Test func `the longest of nested prefixes is found from any neighbour`() {
    let table = table(["team-", "team-a-", "team-a-1", "team-b", "", "t"])
    for (text, expected) in [
      ("team-a-0", "team-a-"), ("team-a-1", "team-a-1"), ("team-a-12", "team-a-1"), ("team-a-", "team-a-"),
      ("team-a", "team-"), ("team-bee", "team-b"), ("team-z", "team-"), ("tea", "t"), ("s", ""), ("z", ""),
    ] {
      #expect(table.longestPrefix(of: text.utf8.span)?.length == expected.utf8.count, "\(text)")
    }
  }

  @Test func `prefixes are visited longest first and only they`() {
    let table = table(["a", "ab", "abc", "abd", "b"])
    var lengths: [Int] = []
    table.forEachPrefix(of: "abcx".utf8.span) { length, _ in
      lengths.append(length)
      return true
    }
    #expect(lengths == [3, 2, 1])
  }

  @Test func `bytes above 127 are ordered as bytes`() {
    let table = table(["é", "z", "éa"])
    #expect(table.value(of: "é".utf8.span) == 0)
    #expect(table.longestPrefix(of: "éab".utf8.span)?.value == 2)
    #expect(table.value(of: "z".utf8.span) == 1)
  }

  /// Keys are compared eight bytes at a time: what comes before the part that differs shifts it through them.
  @Test(arguments: [0, 3, 7, 8, 11, 16]) func `random tables agree with a linear search`(_ common: Int) {
    var random = SeededGenerator(seed: 7)
    let start = String(repeating: "s", count: common)
    for _ in 0..<100 {
      let keys = Array(
        Set((0..<Int.random(in: 0...20, using: &random)).map { _ in start + random.name(0...5) }))
      let table = table(keys)
      for _ in 0..<40 {
        let text = start + random.name(0...7)
        let expected = keys.filter { text.hasPrefix($0) }.max { $0.utf8.count < $1.utf8.count }
        #expect(table.longestPrefix(of: text.utf8.span).map { keys[Int($0.value)] } == expected)
        #expect(table.value(of: text.utf8.span).map { keys[Int($0)] } == keys.first { $0 == text })
      }
    }
  }
}
