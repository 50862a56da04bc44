// Attacks with random changes: nothing traps, and the outcome never depends on how the bytes arrive.

import Testing

@testable import HTTP

struct MutationTests {
  /// A small generator of the test's own, so that a failure can be had again.
  struct Randomness: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }
  }

  private static let pieces: [[UInt8]] = [
    "\r\n", "\n", "\r", " ", "\t", ":", ",", ";", "\0", "\u{7F}", "chunked", "Content-Length: 5\r\n", "0",
    "Transfer-Encoding: chunked\r\n", "Host: b\r\n", "HTTP/1.1", "%2f", "%", "?", "\"", "ffffffffffffffff",
    "=",
  ].map { Array($0.utf8) }

  private static func mutated(_ input: [UInt8], _ random: inout Randomness) -> [UInt8] {
    var bytes = input
    for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<5, using: &random) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes.remove(at: place)
      case 2: bytes.insert(contentsOf: pieces.randomElement(using: &random) ?? [], at: place)
      case 3: bytes.insert(contentsOf: bytes[place..<min(place + 20, bytes.count)], at: place)
      default: bytes.removeSubrange(place..<min(place + 5, bytes.count))
      }
    }
    return bytes
  }

  private func attack(_ files: [String], seed: UInt64, _ parse: ([UInt8], Portions) -> Outcome) -> Int {
    var random = Randomness(state: seed)
    var accepted = 0
    for vector in files.flatMap(Vector.read) {
      for _ in 0..<25 {
        let input = Self.mutated(vector.input, &random)
        let whole = parse(input, .whole)
        if whole.malformed == nil, !whole.isIncomplete { accepted += 1 }
        for portions in [Portions.bytes, .cut(Int.random(in: 0...input.count, using: &random))] {
          let other = parse(input, portions)
          #expect(other == whole, "\(input) \(portions)")
        }
      }
    }
    return accepted
  }

  @Test func `changed requests come out the same however they arrive`() {
    let accepted = attack(["requests-accepted.txt", "requests-refused.txt"], seed: 0x5EED_0001) {
      feedRequest($0, $1)
    }
    #expect(accepted > 100, "the changes are so coarse that nothing passes any more")
  }

  @Test func `changed replies come out the same however they arrive`() {
    let accepted = attack(["replies-accepted.txt", "replies-refused.txt"], seed: 0x5EED_0002) {
      feedReply($0, $1)
    }
    #expect(accepted > 50)
  }

  @Test func `changed chunks come out the same however they arrive`() {
    let accepted = attack(["chunked-accepted.txt", "chunked-refused.txt"], seed: 0x5EED_0003) {
      feedBody($0, $1)
    }
    #expect(accepted > 20)
  }

  // A parser keeps the fields of the last head and takes them for those of the next if the bytes are the same.
  // Whatever is changed from one to the next, it must say what a parser without a memory says.
  @Test func `a connection's earlier message changes nothing about the next`() {
    var random = Randomness(state: 0x5EED_0005)
    for vector in Vector.read("requests-accepted.txt") {
      for round in 0..<40 {
        let input = round == 0 ? vector.input : Self.mutated(vector.input, &random)
        let fresh = feedRequest(input)
        for portions in [Portions.whole, .bytes, .cut(Int.random(in: 0...input.count, using: &random))] {
          #expect(feedRequest(input, portions, before: vector.input) == fresh, "\(input) \(portions)")
        }
      }
    }
    for vector in Vector.read("replies-accepted.txt") {
      for round in 0..<40 {
        let input = round == 0 ? vector.input : Self.mutated(vector.input, &random)
        let fresh = feedReply(input)
        for portions in [Portions.whole, .bytes, .cut(Int.random(in: 0...input.count, using: &random))] {
          #expect(feedReply(input, portions, before: vector.input) == fresh, "\(input) \(portions)")
        }
      }
    }
  }

  @Test func `an accepted request has one host and one framing, whatever was changed`() throws {
    var random = Randomness(state: 0x5EED_0004)
    for vector in Vector.read("requests-accepted.txt") {
      for _ in 0..<100 {
        let input = Self.mutated(vector.input, &random)
        var parser = RequestParser()
        guard let head = try? parser.parse(input.span) else { continue }
        #expect(head.fields.occurrences(of: .host) == 1 || head.version == .http10)
        let framings =
          head.fields.occurrences(of: .contentLength) + head.fields.occurrences(of: .transferEncoding)
        #expect(framings <= 1)
        #expect(!head.fields.contains(.upgrade))
        #expect(head.byteCount <= input.count)
        #expect(input[..<head.byteCount].suffix(4).elementsEqual([13, 10, 13, 10]))
      }
    }
  }
}
