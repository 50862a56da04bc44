// Feeds parsers as a connection does: portions arrive, what is consumed goes away.

@testable import HTTP

/// What came of feeding: comparable, so that two ways of feeding can be held against each other.
struct Outcome: Equatable, CustomStringConvertible {
  var facts: [String: String] = [:]
  var malformed: Malformed?
  /// Nothing was found wrong, and the message is not whole.
  var isIncomplete = false

  var description: String {
    malformed.map { "\($0.status): \($0)" }
      ?? (isIncomplete ? "incomplete" : "\(facts.sorted { $0.key < $1.key })")
  }
}

/// Where to cut the input.
enum Portions {
  case whole
  case bytes
  case cut(Int)

  func lengths(of count: Int) -> [Int] {
    switch self {
    case .whole: [count]
    case .bytes: Array(repeating: 1, count: count)
    case .cut(let first): [min(first, count), max(0, count - first)]
    }
  }

  /// Every way worth trying for an input of that length: at once, byte by byte, and in two at every place.
  static func all(_ count: Int) -> [Portions] { [.whole, .bytes] + (0...count).map { .cut($0) } }
}

/// Calls `step` with what waits after each portion, until it says it is done or the input ends.
func feed(
  _ input: [UInt8], _ portions: Portions, _ step: (Span<UInt8>) throws(Malformed) -> Bool
) throws(Malformed) -> Bool {
  var end = 0
  for length in portions.lengths(of: input.count) {
    end += length
    if try step(input.span.extracting(0..<end)) { return true }
  }
  return false
}

/// `before` is a whole request that the connection has carried already.
func feedRequest(
  _ input: [UInt8], _ portions: Portions = .whole, limits: HTTPLimits = .standard, before: [UInt8] = []
) -> Outcome {
  var parser = RequestParser(limits: limits)
  _ = try? parser.parse(before.span)
  var outcome = Outcome()
  do {
    let isDone = try feed(input, portions) { (bytes) throws(Malformed) in
      guard let head = try parser.parse(bytes) else { return false }
      outcome.facts = facts(head, input)
      return true
    }
    outcome.isIncomplete = !isDone
  } catch {
    outcome.malformed = error
  }
  return outcome
}

func feedReply(
  _ input: [UInt8], _ portions: Portions = .whole, to method: Method = .get, limits: HTTPLimits = .standard,
  before: [UInt8] = []
) -> Outcome {
  var first = ResponseParser(replyTo: method, limits: limits)
  let last = (try? first.parse(before.span))?.fields
  var parser = ResponseParser(replyTo: method, limits: limits, last: last)
  var outcome = Outcome()
  do {
    let isDone = try feed(input, portions) { (bytes) throws(Malformed) in
      guard let head = try parser.parse(bytes) else { return false }
      outcome.facts = facts(head, input)
      return true
    }
    outcome.isIncomplete = !isDone
  } catch {
    outcome.malformed = error
  }
  return outcome
}

func feedBody(
  _ input: [UInt8], _ portions: Portions = .whole, _ framing: BodyFraming = .chunked,
  limits: HTTPLimits = .standard
) -> Outcome {
  var decoder = BodyDecoder(framing, limits: limits)
  var body: [UInt8] = []
  var consumed = 0
  var outcome = Outcome()
  do {
    let isDone = try feed(input, portions) { (bytes) throws(Malformed) in
      consumed += try decoder.decode(bytes.extracting(consumed..<bytes.count), into: &body)
      return decoder.isComplete
    }
    outcome.isIncomplete = !isDone
    outcome.facts = ["body": String(decoding: body, as: UTF8.self), "rest": "\(input.count - consumed)"]
    // How much of an unfinished line is consumed depends on the portions, and on nothing else.
    if !isDone { outcome.facts["rest"] = nil }
  } catch {
    outcome.malformed = error
  }
  return outcome
}

private func facts(_ head: RequestHead, _ input: [UInt8]) -> [String: String] {
  var facts = facts(head.fields)
  facts["method"] = head.method.description
  facts["path"] = String(decoding: head.path, as: UTF8.self)
  facts["query"] = head.query.map { String(decoding: $0, as: UTF8.self) } ?? "(none)"
  facts["framing"] = name(head.framing)
  facts["persistent"] = head.isPersistent ? "yes" : "no"
  facts["continue"] = head.expectsContinue ? "yes" : "no"
  facts["rest"] = "\(input.count - head.byteCount)"
  return facts
}

private func facts(_ head: ResponseHead, _ input: [UInt8]) -> [String: String] {
  var facts = facts(head.fields)
  facts["status"] = head.status.description
  facts["framing"] = name(head.framing)
  facts["persistent"] = head.isPersistent ? "yes" : "no"
  facts["rest"] = "\(input.count - head.byteCount)"
  return facts
}

private func facts(_ fields: Fields) -> [String: String] {
  var facts = ["fields": "\(fields.count)"]
  fields.forEach { name, value in
    if facts[name.description.lowercased()] == nil { facts[name.description.lowercased()] = value.text }
  }
  return facts
}

private func name(_ framing: BodyFraming) -> String {
  switch framing {
  case .none: "none"
  case .length(let length): "length:\(length)"
  case .chunked: "chunked"
  case .untilClose: "untilClose"
  }
}
