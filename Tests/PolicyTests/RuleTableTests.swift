// Precedence of rules, case by case.
import Bytes
import Testing

@testable import Policy

struct RuleTableTests {
  private func subject(_ policies: [[(RuleKey, Level)]]) -> Subject {
    let stanzas = policies.enumerated().map { index, rules in
      let place = Place(file: "p.hcl", line: 1, column: 1)
      return PolicyStanza(
        name: ByteString("p\(index)"), place: place,
        rules: rules.map { Rule(key: $0.0, level: $0.1, policy: ByteString("p\(index)"), place: place) })
    }
    return Subject(anonymousWith: stanzas, tables: stanzas.map { RuleTable($0.rules) })
  }

  private func level(_ subject: Subject, _ name: String, in partition: String = "default") -> Level? {
    subject.rule(for: name.utf8.span, in: PartitionKey(testing: partition))?.level
  }

  private func key(_ names: RuleKey.Names, _ partition: Pattern = RuleKey.defaultPartition) -> RuleKey {
    RuleKey(partition: partition, names: names)
  }

  private func exactly(_ name: String) -> RuleKey.Names { .pattern(.exactly(ByteString(name))) }
  private func beginning(_ name: String) -> RuleKey.Names { .pattern(.beginning(ByteString(name))) }

  @Test func `nothing is granted by nothing`() {
    #expect(level(subject([]), "a") == nil)
    #expect(level(subject([[]]), "a") == nil)
  }

  @Test func `an exact name beats the longest prefix, which beats a bare rule`() {
    let subject = subject([
      [
        (key(.every), .deny), (key(beginning("")), .read), (key(beginning("a-")), .write),
        (key(beginning("a-b-")), .deny), (key(exactly("a-b-c")), .read),
      ]
    ])
    #expect(level(subject, "a-b-c") == .read)
    #expect(level(subject, "a-b-d") == .deny)
    #expect(level(subject, "a-b") == .write)
    #expect(level(subject, "z") == .read)
  }

  @Test func `within one key deny beats write beats read, in either order of policies`() {
    for (one, two, winner) in [
      (Level.deny, .write, .deny), (.deny, .read, .deny), (.write, .read, .write), (.read, .read, .read),
    ] as [(Level, Level, Level)] {
      for names in [.every, beginning("a"), exactly("ab")] as [RuleKey.Names] {
        #expect(level(subject([[(key(names), one)], [(key(names), two)]]), "ab") == winner)
        #expect(level(subject([[(key(names), two)], [(key(names), one)]]), "ab") == winner)
      }
    }
  }

  @Test func `a more specific write beats a less specific deny of another policy`() {
    let subject = subject([[(key(beginning("a")), .deny)], [(key(exactly("ab")), .write)]])
    #expect(level(subject, "ab") == .write)
    #expect(level(subject, "ac") == .deny)
  }

  @Test func `rules outside a partition block hold for default alone`() {
    let subject = subject([[(key(.every), .write)]])
    #expect(level(subject, "a") == .write)
    #expect(level(subject, "a", in: "eu") == nil)
    #expect(level(subject, "a", in: "default-2") == nil)
  }

  @Test func `the exact partition beats the longest partition prefix, and silence falls through`() {
    let subject = subject([
      [
        (key(exactly("hub"), .exactly("eu-1")), .read), (key(.every, .beginning("eu-")), .write),
        (key(exactly("hub"), .beginning("")), .deny), (key(.every, .beginning("")), .read),
      ]
    ])
    #expect(level(subject, "hub", in: "eu-1") == .read)
    #expect(level(subject, "x", in: "eu-1") == .write)
    #expect(level(subject, "hub", in: "eu-2") == .write)
    #expect(level(subject, "hub", in: "us") == .deny)
    #expect(level(subject, "x", in: "us") == .read)
    #expect(level(subject, "x") == .read)
  }

  @Test func `the partition weighs more than the name`() {
    let subject = subject([
      [(key(exactly("hub"), .beginning("eu")), .deny)], [(key(.every, .exactly("eu")), .read)],
    ])
    #expect(level(subject, "hub", in: "eu") == .read)
    #expect(level(subject, "hub", in: "eu2") == .deny)
  }

  @Test func `a list needs one rule that shows something`() {
    func lists(_ policies: [[(RuleKey, Level)]], in partition: String = "default") -> Bool {
      subject(policies).ruleForListing(PartitionKey(testing: partition)) != nil
    }
    #expect(!lists([]))
    #expect(!lists([[(key(.every), .deny)]]))
    #expect(lists([[(key(.every), .deny), (key(exactly("a")), .read)]]))
    #expect(lists([[(key(beginning("a")), .write)]]))
    #expect(!lists([[(key(beginning("a")), .write)]], in: "eu"))
    #expect(lists([[(key(beginning("a"), .beginning("e")), .write)]], in: "eu"))
    // Denied for the same key by another policy of the token.
    #expect(!lists([[(key(.every), .write)], [(key(.every), .deny)]]))
    #expect(lists([[(key(.every), .write)], [(key(.every), .deny)], [(key(exactly("a")), .read)]]))
    // Nothing is left to a bare rule beside an empty prefix.
    #expect(!lists([[(key(.every), .read), (key(beginning("")), .deny)]]))
    #expect(!lists([[(key(.every), .read)], [(key(beginning("")), .deny)]]))
    // A partition all of whose names are denied leaves nothing to a partition prefix.
    #expect(!lists([[(key(.every, .exactly("eu")), .deny), (key(.every, .beginning("")), .read)]], in: "eu"))
    #expect(
      lists([[(key(exactly("a"), .exactly("eu")), .deny), (key(.every, .beginning("")), .read)]], in: "eu"))
  }
}
