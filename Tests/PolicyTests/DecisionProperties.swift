// The Judge against an independent second implementation, over random policies and requests.
import Bytes
import Peering
import Testing

@testable import Policy

struct DecisionProperties {
  struct Case {
    let subject: Subject
    let naive: NaiveDecision
  }

  static func randomCase(_ random: inout SeededGenerator) -> Case {
    var naive = NaiveDecision()
    var stanzas: [PolicyStanza] = []
    let place = Place(file: "p.hcl", line: 1, column: 1)
    for policy in 0..<Int.random(in: 1...3, using: &random) {
      var rules: [RuleKey: Level] = [:]
      for _ in 0..<Int.random(in: 0...8, using: &random) {
        let partition: Pattern =
          switch Int.random(in: 0..<6, using: &random) {
          case 0...2: RuleKey.defaultPartition
          case 3: .exactly(ByteString(random.name(1...2)))
          default: .beginning(ByteString(random.name(0...2)))
          }
        let names: RuleKey.Names =
          switch Int.random(in: 0..<6, using: &random) {
          case 0: .every
          case 1...2: .pattern(.exactly(ByteString(random.name(1...4))))
          default: .pattern(.beginning(ByteString(random.name(0...4))))
          }
        rules[RuleKey(partition: partition, names: names)] =
          Level.allCases.randomElement(using: &random) ?? .deny
      }
      for (key, level) in rules {
        naive.add(partition: Self.naive(key.partition), name: Self.naive(key.names), level.text)
      }
      stanzas.append(
        PolicyStanza(
          name: ByteString("p\(policy)"), place: place,
          rules: rules.map {
            Rule(key: $0.key, level: $0.value, policy: ByteString("p\(policy)"), place: place)
          }))
    }
    return Case(
      subject: Subject(anonymousWith: stanzas, tables: stanzas.map { RuleTable($0.rules) }), naive: naive)
  }

  private static func naive(_ pattern: Pattern) -> NaiveDecision.Key {
    switch pattern {
    case .exactly(let text): NaiveDecision.Key(text: text.string, isPrefix: false)
    case .beginning(let text): NaiveDecision.Key(text: text.string, isPrefix: true)
    }
  }

  private static func naive(_ names: RuleKey.Names) -> NaiveDecision.Key {
    switch names {
    case .every: NaiveDecision.Key(text: nil, isPrefix: false)
    case .pattern(let pattern): naive(pattern)
    }
  }

  @Test func `no disagreement over random policies and names`() {
    var random = SeededGenerator(seed: 1)
    for round in 0..<5000 {
      let one = Self.randomCase(&random)
      for _ in 0..<50 {
        let name = random.name(1...5)
        let partition = Bool.random(using: &random) ? "default" : random.name(1...3)
        let rule = one.subject.rule(for: name.utf8.span, in: PartitionKey(testing: partition))
        let expected = one.naive.level(name, in: partition)
        if rule?.level.text != expected {
          Issue.record(
            "round \(round): \(name) in \(partition): \(rule?.citation ?? "none"), not \(expected ?? "none")")
          return
        }
      }
    }
  }

  @Test func `a list shows what may be read alone`() throws {
    var random = SeededGenerator(seed: 3)
    for round in 0..<2000 {
      let subject = Self.randomCase(&random).subject
      let asked = Bool.random(using: &random) ? "default" : random.name(1...3)
      guard let partition = Partition(asked) else { continue }
      let scope = ListScope(subject: subject, partition: partition)
      for _ in 0..<50 {
        guard let peer = PeerName(random.name(1...5)) else { continue }
        let named = Int.random(in: 0..<3, using: &random) == 0 ? Partition(random.name(1...3)) : nil
        let key = PartitionKey(named ?? partition)
        let level = peer.withBytes { subject.rule(for: $0, in: key)?.level }
        #expect(
          scope.allowsReading(peer, in: named) == ((level ?? .deny) >= .read),
          "round \(round): \(peer) in \(named ?? partition), asked for \(partition)")
      }
    }
  }

  @Test func `a list that would show something is never refused`() {
    var random = SeededGenerator(seed: 2)
    // Every name over the alphabet up to the longest key, and one byte longer so that each prefix and each
    // bare rule has its own name.
    var universe = [""]
    var last = [""]
    for _ in 0..<5 {
      last = last.flatMap { name in ["a", "b", "-", "z"].map { name + $0 } }
      universe += last
    }
    universe.removeFirst()
    for round in 0..<60 {
      let one = Self.randomCase(&random)
      for partition in ["default", random.name(1...3)] {
        let rule = one.subject.ruleForListing(PartitionKey(testing: partition))
        let expected = one.naive.showsAny(of: universe, in: partition)
        if rule == nil, expected { Issue.record("round \(round): refused a list in \(partition)") }
        // The other way round it may err: several prefixes together can leave no name to a shorter one, and
        // then an empty list is answered. The rule it names must at least grant reading by its own key.
        if let rule {
          #expect(rule.level >= .read)
          #expect(rule.key.partition.matches(ByteString(partition)))
          #expect(
            !one.naive.isDenied(partition: Self.naive(rule.key.partition), name: Self.naive(rule.key.names)))
        }
      }
    }
  }

  @Test func `who could write some name is never refused before it is known which`() {
    var random = SeededGenerator(seed: 4)
    var refused = 0
    for round in 0..<2000 {
      let one = Self.randomCase(&random)
      let writes = one.subject.ruleForWriting(in: nil)
      if let rule = writes {
        #expect(rule.level == .write)
        #expect(
          !one.naive.isDenied(partition: Self.naive(rule.key.partition), name: Self.naive(rule.key.names)))
      } else {
        refused += 1
      }
      for _ in 0..<50 {
        let name = random.name(1...5)
        let partition = Bool.random(using: &random) ? "default" : random.name(1...3)
        guard one.naive.level(name, in: partition) == "write" else { continue }
        if writes == nil {
          Issue.record("round \(round): refused, though \(name) in \(partition) is granted")
        }
        if let stated = Partition(partition), one.subject.ruleForWriting(in: stated) == nil {
          Issue.record("round \(round): refused in \(partition), though \(name) is granted")
        }
      }
    }
    #expect(refused > 100, "few cases had nothing to write")
  }
}
