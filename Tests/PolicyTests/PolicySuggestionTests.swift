// The least that would have been enough, from a record of a known policy.
import Bytes
import Peering
import Testing

@testable import Policy

struct PolicySuggestionTests {
  /// One line of an audit file.
  static func line(
    _ token: String, _ operation: String, _ peer: String?, _ outcome: String, partition: String = "default",
    at: String = "2026-11-22T12:00:00.123456Z", id: Int = 0, more: String = ""
  ) -> String {
    let peer = peer.map { #""peer":"\#($0)","# } ?? ""
    return #"{"created_at":"\#(at)","event_type":"audit","payload":{"id":"\#(id)","#
      + #""auth":{"accessor_id":"\#(accessor(token))","description":"\#(token)"},"stage":"OperationComplete","#
      + #""peering":{"operation":"\#(operation)",\#(peer)"partition":"\#(partition)","access":"x"\#(more)},"#
      + #""decision":{"outcome":"\#(outcome)"}}"# + recordEnd
  }

  /// Made of the token's name, so that no table is needed.
  static func accessor(_ token: String) -> String {
    let digits = token.utf8.reduce(UInt64(14_695_981_039_346_656_037)) {
      ($0 ^ UInt64($1)) &* 1_099_511_628_211
    }
    let text = String(digits, radix: 16)
    return "00000000-0000-4000-8000-" + String((String(repeating: "0", count: 12) + text).suffix(12))
  }

  private func suggestion(_ lines: [String], takesInUnasked: Bool = false) -> PolicySuggestion {
    var observed = ObservedUse()
    for line in lines { observed.read(line.utf8.span) }
    observed.finish()
    return PolicySuggestion(from: observed, takesInUnasked: takesInUnasked)
  }

  private func rules(_ suggestion: PolicySuggestion) -> [String] {
    suggestion.policies.flatMap { policy in
      policy.rules.map { "\(policy.name): \($0.key.text) \($0.level.text)" }
    }
  }

  private func reads(_ token: String, _ names: [String], _ outcome: String = "allow") -> [String] {
    names.map { Self.line(token, "read", $0, outcome) }
  }

  @Test func `three names that end behind one hyphen show a prefix, two do not`() {
    #expect(rules(suggestion(reads("t", ["a-1", "a-2"]))) == ["t: peering a-1 read", "t: peering a-2 read"])
    #expect(rules(suggestion(reads("t", ["a-1", "a-2", "a-3"]))) == ["t: peering_prefix a- read"])
    #expect(rules(suggestion(reads("t", ["a1", "a2", "a3"]))).count == 3, "no hyphen, no prefix")
  }

  @Test func `a known name that was not allowed is taken out, or there is no prefix`() {
    let nine = (1...9).map { "a-\($0)" }
    let one = reads("other", ["a-secret"])
    #expect(
      rules(suggestion(reads("t", nine) + one)) == [
        "other: peering a-secret read", "t: peering_prefix a- read", "t: peering a-secret deny",
      ])
    #expect(rules(suggestion(reads("t", nine) + one, takesInUnasked: true)).count == 2)
    let denied = reads("t", nine) + reads("t", ["a-secret"], "deny")
    #expect(rules(suggestion(denied, takesInUnasked: true)).contains("t: peering a-secret deny"))
    // Eight of nine are less than nine in ten.
    #expect(rules(suggestion(reads("t", Array(nine.dropLast())) + one)).count == 9)
  }

  @Test func `writing grants reading, and a name that was only read under a prefix stays so`() {
    let writes = (1...9).map { Self.line("t", "delete", "a-\($0)", "allow") }
    #expect(
      rules(suggestion(writes + reads("t", ["a-10", "a-1"]))) == [
        "t: peering_prefix a- write", "t: peering a-10 read",
      ])
    #expect(
      rules(suggestion(reads("t", (1...9).map { "a-\($0)" }) + writes.prefix(1))) == [
        "t: peering_prefix a- read", "t: peering a-1 write",
      ])
  }

  @Test func `tokens with the same rule share its policy, and a rule stands once`() {
    let lines = reads("x", ["hub", "x-1", "x-2", "x-3"]) + reads("y", ["hub", "y-1", "y-2", "y-3"])
    #expect(
      rules(suggestion(lines)) == [
        "x: peering_prefix x- read", "shared-1: peering hub read", "y: peering_prefix y- read",
      ])
  }

  @Test func `a token of every name gets one rule, and a lister what its lists showed`() {
    let all = (0..<16).map { "n\($0 / 2)-\($0)" }
    #expect(rules(suggestion(reads("t", all))) == ["t: peering read"])
    #expect(rules(suggestion(reads("t", Array(all.dropLast())))).count == 15)
    let list = { (kept: Int, removed: Int) in
      Self.line("t", "list", nil, "allow", more: #","kept":\#(kept),"removed":\#(removed)"#)
    }
    #expect(rules(suggestion([list(5, 0)])) == ["t: peering read"])
    #expect(rules(suggestion([list(5, 1)])) == ["t: peering no-such-peering read"])
    #expect(rules(suggestion([list(1, 0)] + reads("t", ["hub"]))) == ["t: peering hub read"])
    #expect(rules(suggestion([list(2, 0)] + reads("t", ["hub"]))) == ["t: peering read"])
  }

  @Test func `partitions are kept apart, and denials alone allow nothing`() {
    let lines = [
      Self.line("t", "read", "hub", "allow", partition: "eu"), Self.line("u", "read", "hub", "deny"),
    ]
    let suggestion = suggestion(lines)
    #expect(rules(suggestion) == ["t: partition eu peering hub read"])
    #expect(SuggestionPrinter.text(suggestion).contains("nothing was allowed"))
  }

  @Test func `names that no policy may have become some that it may, once each`() {
    let suggestion = suggestion(reads("a/b", ["x"]) + reads("a:b", ["y"]) + reads("a b\\n}", ["z"]))
    #expect(suggestion.policies.map(\.name) == ["a-b--", "a-b", "a-b-2"])
    #expect(!SuggestionPrinter.text(suggestion).contains("\n}\""))
  }

  @Test func `names in eight ways behind a hyphen show a prefix, in seven they do not`() {
    let names = { (ways: Int) in (0..<ways).flatMap { way in (0..<3).map { "dc-\(way)-\($0)" } } }
    #expect(rules(suggestion(reads("t", names(7)))).count == 7)
    #expect(rules(suggestion(reads("t", names(8)))) == ["t: peering_prefix dc- read"])
    #expect(rules(suggestion(reads("t", names(9)))) == ["t: peering_prefix dc- read"])
  }

  @Test(arguments: [(1, 1), (2, 0), (3, 0)])
  func `names beyond the limit are counted and not held`(limit: Int, tooMany: Int) {
    var observed = ObservedUse(nameLimit: limit)
    for line in reads("t", ["a", "b", "a"]) { observed.read(line.utf8.span) }
    observed.finish()
    #expect(
      observed.tooManyCount == tooMany && rules(PolicySuggestion(from: observed)).count == min(limit, 2))
  }

  @Test(arguments: [1, 2, 3])
  func `an intent without an end counts once, also beyond those that are kept apart`(limit: Int) {
    var decisions = AuditedDecisions(openLimit: limit)
    var count = 0
    for id in 0..<2 {
      let line = Self.line("t", "delete", "a", "allow", id: id)
        .replacing("OperationComplete", with: "OperationStart")
      if decisions.read(line.utf8.span) != nil { count += 1 }
    }
    #expect(count == max(0, 2 - limit))
    #expect(count + decisions.finish().count == 2)
  }

  @Test(arguments: [63, 64, 65])
  func `no token has more policies than it may`(others: Int) throws {
    // With each other token the first one shares its own rule.
    let lines = (1...others).flatMap { reads("t", ["n\($0)"]) + reads("o\($0)", ["n\($0)"]) }
    // And not every name is the first one's.
    let suggestion = suggestion(lines + reads("z", (0..<20).map { "z\($0)" }))
    let first = try #require(suggestion.callers.first { $0.name == "t" })
    #expect(suggestion.policyNames(of: first.accessorID).count == (others <= 64 ? others : 1))
  }

  @Test func `the head says what the record cannot tell`() {
    let whole = reads("t", ["hub"])
    let counts =
      #"{"created_at":"x","event_type":"gate-unrecorded","payload":{"read":3,"list":4}"# + recordEnd
    #expect(!SuggestionPrinter.text(suggestion(whole)).contains("too little"))
    let text = SuggestionPrinter.text(suggestion(whole + [counts, "garbage"]), absence: "an extract")
    for words in [
      "# It may allow too little: 7 answers of level none had no line to tell what they needed.\n",
      "# It may allow too little: 1 line could not be read.\n", "# It may allow too little: an extract.\n",
    ] { #expect(text.contains(words), "\(words) in \(text)") }
  }

  @Test(arguments: ["garbage", "[]", "{}", #"{"created_at":"x","payload":{}}"#])
  func `a line that is no record is counted as unreadable`(line: String) {
    var decisions = AuditedDecisions()
    #expect(decisions.read(line.utf8.span) == nil && decisions.unreadableCount == 1)
  }

  @Test func `evidence stands above each rule`() {
    let text = SuggestionPrinter.text(
      suggestion([
        Self.line("t", "read", "hub", "allow"),
        Self.line("t", "delete", "hub", "allow", at: "2026-11-23T12:00:00.000000Z"),
      ]))
    #expect(
      text.contains(
        "  # 1 read, 1 change, 2026-11-22T12:00:00Z to 2026-11-23T12:00:00Z\n  peering \"hub\" { policy = \"write\" }\n"
      ))
  }
}

extension PolicySuggestionTests {
  /// A policy of twelve teams, a hub that all may read, an exception, an auditor and an administrator.
  private static let teams = 12
  private static func original() -> String {
    var text = "policy \"hub\" {\n peering \"hub\" { policy = \"read\" }\n}\n"
    text += "policy \"admin\" {\n peering = \"write\"\n}\npolicy \"auditor\" {\n peering = \"read\"\n}\n"
    text += token("admin", ["admin"]) + token("auditor", ["auditor"]) + token("auditor-2", ["auditor"])
    for team in 0..<teams {
      text += """
        policy "team-\(team)" {
          peering_prefix "team-\(team)-" { policy = "write" }
          peering "team-\(team)-9" { policy = "deny" }
          peering "shared-\(team)" { policy = "read" }
        }

        """
      text += token("ci-\(team)", ["team-\(team)", "hub"])
    }
    return text
  }

  private static func token(_ name: String, _ policies: [String]) -> String {
    let digest = accessor(name).utf8.filter { $0 != 45 }
    return """
      token "\(name)" {
        accessor_id = "\(accessor(name))"
        secret_sha256 = ["\(String(decoding: digest + digest, as: UTF8.self))"]
        policies = [\(policies.map { "\"\($0)\"" }.joined(separator: ", "))]
      }

      """
  }

  private static let names =
    ["hub", "edge", "core"]
    + (0..<teams).flatMap { team in
      ["shared-\(team)"] + (0..<12).map { "team-\(team)-\($0)" }
    }

  private static func decide(_ set: PolicySet, _ token: String, _ operation: Operation, _ name: String) throws
    -> Bool
  {
    let subject = try #require(set.subject(named: ByteString(token)))
    let peer = operation == .list ? nil : PeerName(name)
    return Judge.decide(Question(operation: operation, peer: peer), by: subject).isAllowed
  }

  @Test func `of a hundred thousand lines: all that was allowed, nothing else, hardly more rules`() throws {
    let original = try policySet(Self.original())
    let tokens = original.tokens.map(\.name.string)
    var generator = SeededGenerator(seed: 13)
    var observed = ObservedUse()
    var allowed: Set<String> = []
    func random() throws -> (token: String, operation: Operation, name: String, isAllowed: Bool) {
      let token = try #require(tokens.randomElement(using: &generator))
      let operation = try #require(Operation.allCases.randomElement(using: &generator))
      let name = try #require(Self.names.randomElement(using: &generator))
      return (token, operation, name, try Self.decide(original, token, operation, name))
    }
    for number in 0..<100_000 {
      let (token, operation, name, isAllowed) = try random()
      let line = Self.line(
        token, operation.rawValue, operation == .list ? nil : name, isAllowed ? "allow" : "deny", id: number)
      observed.read(line.utf8.span)
      if isAllowed { allowed.insert("\(token) \(operation) \(name)") }
    }
    observed.finish()
    let suggestion = PolicySuggestion(from: observed)
    let count = original.policies.reduce(0) { $0 + $1.rules.count }
    #expect(suggestion.ruleCount * 10 <= count * 12, "\(suggestion.ruleCount) for \(count)")
    let suggested = try policySet(SuggestionPrinter.text(suggestion, tokens: original))
    for entry in allowed {
      let parts = entry.split(separator: " ").map(String.init)
      let operation = try #require(Operation(rawValue: parts[1]))
      #expect(try Self.decide(suggested, parts[0], operation, parts[2]), "\(entry)")
    }
    for _ in 0..<10_000 {
      let (token, operation, name, isAllowed) = try random()
      #expect(
        try Self.decide(suggested, token, operation, name) == isAllowed, "\(token) \(operation) \(name)")
    }
    // Names that no line of the record has, near those that it has.
    for team in 0..<Self.teams {
      for name in ["team-\(team)", "team-\(team)a-1", "team-9\(team)-1", "shared-9\(team)", "teams"] {
        #expect(try !Self.decide(suggested, "ci-\(team)", .read, name), "\(name)")
      }
    }
  }
}
