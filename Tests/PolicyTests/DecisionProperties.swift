// The Judge against an independent second implementation, over random policies and requests.
import Testing

@testable import Policy

struct DecisionProperties {
  private struct Case {
    let subject: Subject
    let naive: NaiveDecision
  }

  private func randomCase(_ random: inout SeededGenerator) -> Case {
    var written: [[NaiveDecision.WrittenRule]] = []
    var stanzas: [PolicyStanza] = []
    let place = Place(file: "p.hcl", line: 1, column: 1)
    for policy in 0..<Int.random(in: 1...3, using: &random) {
      var rules: [RuleKey: Level] = [:]
      for _ in 0..<Int.random(in: 0...8, using: &random) {
        let partition: Pattern =
          switch Int.random(in: 0..<6, using: &random) {
          case 0...2: RuleKey.defaultPartition
          case 3: .exactly(random.name(1...2))
          default: .beginning(random.name(0...2))
          }
        let names: RuleKey.Names =
          switch Int.random(in: 0..<6, using: &random) {
          case 0: .every
          case 1...2: .pattern(.exactly(random.name(1...4)))
          default: .pattern(.beginning(random.name(0...4)))
          }
        rules[RuleKey(partition: partition, names: names)] =
          Level.allCases.randomElement(using: &random) ?? .deny
      }
      written.append(rules.map(Self.written))
      stanzas.append(
        PolicyStanza(
          name: "p\(policy)", place: place,
          rules: rules.map { Rule(key: $0.key, level: $0.value, policy: "p\(policy)", place: place) }))
    }
    return Case(
      subject: Subject(anonymousWith: stanzas, tables: stanzas.map { RuleTable($0.rules) }),
      naive: NaiveDecision(policies: written))
  }

  private static func written(_ key: RuleKey, _ level: Level) -> NaiveDecision.WrittenRule {
    var name: String?
    var isNamePrefix = false
    switch key.names {
    case .every: break
    case .pattern(.exactly(let text)): name = text
    case .pattern(.beginning(let text)):
      name = text
      isNamePrefix = true
    }
    var isPartitionPrefix = false
    if case .beginning = key.partition { isPartitionPrefix = true }
    return NaiveDecision.WrittenRule(
      partition: key.partition.text, isPartitionPrefix: isPartitionPrefix, name: name,
      isNamePrefix: isNamePrefix, level: level.text)
  }

  @Test func `no disagreement over random policies and names`() {
    var random = SeededGenerator(seed: 1)
    for round in 0..<4000 {
      let one = randomCase(&random)
      for _ in 0..<60 {
        let name = random.name(1...5)
        let partition = Bool.random(using: &random) ? "default" : random.name(1...3)
        let rule = one.subject.rule(for: name.utf8.span, in: PartitionKey(partition.utf8.span))
        let expected = one.naive.level(name, in: partition)
        if rule?.level.text != expected {
          Issue.record(
            "round \(round): \(name) in \(partition): \(rule?.citation ?? "none"), not \(expected ?? "none")")
          return
        }
      }
    }
  }

  @Test func `a list is answered if and only if a rule can show something`() {
    var random = SeededGenerator(seed: 2)
    // Every name over the alphabet up to the longest key, and one byte longer so that each prefix and each
    // bare rule has a name of its own.
    var universe = [""]
    var last = [""]
    for _ in 0..<5 {
      last = last.flatMap { name in ["a", "b", "-", "z"].map { name + $0 } }
      universe += last
    }
    universe.removeFirst()
    for round in 0..<60 {
      let one = randomCase(&random)
      for partition in ["default", random.name(1...3)] {
        let rule = one.subject.ruleForListing(PartitionKey(partition.utf8.span))
        let expected = one.naive.showsAny(of: universe, in: partition)
        // The Judge may answer an empty list where rules of two partition layers or of two prefixes leave no
        // name between them; it must never refuse a list that shows something.
        if rule == nil, expected { Issue.record("round \(round): refused a list in \(partition)") }
      }
    }
  }
}
