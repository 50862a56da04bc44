// Attacks with random changes: whatever is accepted is in its one form, and no hidden element gets out.

import Foundation
import Testing

@testable import HTTP
@testable import Peering

struct MutationTests {
  /// A small generator of the test's own, so that a failure can be had again.
  private struct Randomness: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }
  }

  private static let pieces: [[UInt8]] = [
    "&", "=", ";", "%", "?", "/", "..", "//", "partition=eu", "index=1", "&token=x", "A", "-", "\"", "\\",
    "\\u0061", "{",
    "}", "[", "]", ",", ":", "\"PeerName\":\"b\",", "\"Name\":\"b\",", "null", "\0", "é", "0", "wait=1s",
  ].map { Array($0.utf8) }

  private static func mutated(_ input: [UInt8], _ random: inout Randomness) -> [UInt8] {
    var bytes = input
    for _ in 0..<Int.random(in: 1...2, using: &random) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      switch Int.random(in: 0..<5, using: &random) {
      case 0: bytes[place] = UInt8.random(in: 0x20...0xFF, using: &random)
      case 1: bytes.remove(at: place)
      case 2: bytes.insert(contentsOf: pieces.randomElement(using: &random) ?? [], at: place)
      case 3: bytes.insert(contentsOf: bytes[place..<min(place + 12, bytes.count)], at: place)
      default: bytes.removeSubrange(place..<min(place + 3, bytes.count))
      }
    }
    return bytes
  }

  private func parse(_ target: [UInt8], _ method: String, _ body: [UInt8]) -> PeeringRequest? {
    let bytes = Array("\(method) ".utf8) + target + Array(" HTTP/1.1\r\nHost: a\r\n\r\n".utf8)
    var parser = RequestParser()
    guard let head = try? parser.parse(bytes.span),
      case .operation(let request)? = try? PeeringCall.parse(head, body: body.span)
    else { return nil }
    return request
  }

  @Test func `what is sent upstream means the same when it is read again`() {
    var random = Randomness(state: 0x5EED_0005)
    var accepted = 0
    for vector in ["clients.txt", "accepted.txt", "refused.txt"].flatMap(Vector.read) {
      let parts = vector.startLine.split(separator: " ", maxSplits: 1).map(String.init)
      for round in 0..<60 {
        let target = round % 2 == 0 ? Self.mutated(Array(parts[1].utf8), &random) : Array(parts[1].utf8)
        let body = round % 2 == 0 ? vector.body : Self.mutated(vector.body, &random)
        guard let first = parse(target, parts[0], body) else { continue }
        accepted += 1
        let second = parse(first.upstreamTarget().bytes, first.method.description, first.upstreamBody() ?? [])
        #expect(second?.operation == first.operation && second?.peer == first.peer)
        #expect(second?.partition == first.partition)
        #expect(second?.upstreamTarget() == first.upstreamTarget())
        #expect(second?.upstreamBody() == first.upstreamBody())
      }
    }
    #expect(accepted > 500, "the changes are so coarse that nothing passes any more")
  }

  @Test func `a changed list never shows what is hidden`() {
    var random = Randomness(state: 0x5EED_0006)
    let element =
      #"{"ID":"1","Name":"NAME","Meta":{"k":"v, ] }"},"Remote":{"Partition":"","Name":"b"},"I":[1]}"#
    let list =
      "[" + ["a", "b", "c", "b", "d"].map { element.replacing("NAME", with: $0) }.joined(separator: ",") + "]"
    var accepted = 0
    for _ in 0..<4000 {
      let reply = Self.mutated(Array(list.utf8), &random)
      let visible: Set = ["a", "c"]
      let result = try? PeeringList.filter(reply) { name, _ in visible.contains(name.text)
      }
      guard let result else { continue }
      accepted += 1
      guard let read = try? JSONSerialization.jsonObject(with: Data(result.body)) as? [[String: Any]] else {
        // Foundation refuses half of a surrogate pair and the like. Then it refused the whole before us, too.
        #expect(
          (try? JSONSerialization.jsonObject(with: Data(reply))) == nil,
          "\(String(decoding: reply, as: UTF8.self))")
        continue
      }
      #expect(read.count == result.kept)
      for element in read {
        let name = (element["Name"] as? String)?.lowercased() ?? ""
        #expect(visible.contains(name), "\(String(decoding: reply, as: UTF8.self))")
      }
    }
    #expect(accepted > 500)
  }
}
