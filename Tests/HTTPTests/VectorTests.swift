// Holds the parsers to the vector files, however the bytes arrive.

import Testing

@testable import HTTP

struct VectorTests {
  @Test(arguments: Vector.read("requests-accepted.txt"))
  func `a request head is accepted`(_ vector: Vector) {
    accepts(vector) { feedRequest($0, $1) }
  }

  @Test(arguments: Vector.read("requests-refused.txt"))
  func `a request head is refused`(_ vector: Vector) {
    refuses(vector) { feedRequest($0, $1) }
  }

  @Test(arguments: Vector.read("replies-accepted.txt"))
  func `a reply head is accepted`(_ vector: Vector) {
    accepts(vector) { feedReply($0, $1, to: vector.isReplyToHEAD ? .head : .get) }
  }

  @Test(arguments: Vector.read("replies-refused.txt"))
  func `a reply head is malformed`(_ vector: Vector) {
    refuses(vector) { feedReply($0, $1, to: vector.isReplyToHEAD ? .head : .get) }
  }

  @Test(arguments: Vector.read("chunked-accepted.txt"))
  func `a chunked body is decoded`(_ vector: Vector) {
    accepts(vector) { feedBody($0, $1) }
  }

  @Test(arguments: Vector.read("chunked-refused.txt"))
  func `a chunked body is refused`(_ vector: Vector) {
    refuses(vector) { feedBody($0, $1) }
  }

  private func accepts(_ vector: Vector, _ parse: ([UInt8], Portions) -> Outcome) {
    let outcome = parse(vector.input, .whole)
    #expect(outcome.malformed == nil && !outcome.isIncomplete, "\(outcome)")
    for fact in vector.facts {
      #expect(outcome.facts[fact.key] ?? "(none)" == fact.value, "\(fact.key) of \(outcome)")
    }
    #expect(!vector.facts.isEmpty)
    agree(vector, outcome, parse)
    // A message is whole with its last byte, not before.
    if let rest = outcome.facts["rest"].flatMap({ Int($0) }) {
      let short = parse(Array(vector.input.dropLast(rest + 1)), .whole)
      #expect(short.isIncomplete, "accepted without its last byte: \(short)")
    }
  }

  private func refuses(_ vector: Vector, _ parse: ([UInt8], Portions) -> Outcome) {
    let outcome = parse(vector.input, .whole)
    let (status, words) = vector.refusal
    #expect(outcome.malformed?.status.rawValue == status, "\(outcome)")
    #expect(outcome.malformed?.description.contains(words) == true, "\(outcome)")
    #expect(outcome.malformed?.description.contains("secret") != true)
    agree(vector, outcome, parse)
  }

  private func agree(_ vector: Vector, _ outcome: Outcome, _ parse: ([UInt8], Portions) -> Outcome) {
    for portions in Portions.all(vector.input.count) {
      let other = parse(vector.input, portions)
      #expect(other == outcome, "\(portions) gives \(other)")
    }
  }
}
