// How much is recorded of what a token was allowed.
import Bytes
import HCL
import Peering
import Testing

@testable import Policy

@Suite struct RecordLevelTests {
  /// The level of a token with these policies, where the gate says `gate` of every operation.
  private func level(
    _ stated: [RecordLevel?], gate: RecordLevel = .full, of operation: Peering.Operation = .read
  ) -> RecordLevel {
    var levels = RecordLevels()
    for operation in Peering.Operation.allCases { levels[operation] = gate }
    let place = Place(file: "a.hcl", line: 1, column: 1)
    let policies = stated.enumerated().map {
      PolicyStanza(name: ByteString("p\($0.offset)"), place: place, rules: [], recordLevel: $0.element)
    }
    return StatedLevels(policies).level(of: operation, by: levels)
  }

  @Test func `where no policy says anything the gate's level holds`() {
    #expect(level([]) == .full)
    #expect(level([], gate: RecordLevel.none) == RecordLevel.none)
    #expect(level([nil, nil], gate: .reduced) == .reduced)
  }

  @Test func `a policy that says something overrules the gate, upwards and downwards`() {
    #expect(level([RecordLevel.none]) == RecordLevel.none)
    #expect(level([.full], gate: RecordLevel.none) == .full)
    #expect(level([.reduced], gate: RecordLevel.none) == .reduced)
  }

  @Test func `of several the fullest holds, and a silent one says what the gate says`() {
    #expect(level([RecordLevel.none, .reduced]) == .reduced)
    #expect(level([RecordLevel.none, nil]) == .full)
    #expect(level([RecordLevel.none, nil], gate: .reduced) == .reduced)
    #expect(level([RecordLevel.none, nil], gate: RecordLevel.none) == RecordLevel.none)
    #expect(level([.full, nil], gate: RecordLevel.none) == .full)
  }

  @Test(arguments: Peering.Operation.allCases)
  func `no way leads to a change without a record`(operation: Peering.Operation) {
    var levels = RecordLevels()
    levels[operation] = RecordLevel.none
    #expect(levels[operation] == (operation.isChange ? .reduced : RecordLevel.none))
    #expect(
      level([RecordLevel.none], gate: RecordLevel.none, of: operation)
        == (operation.isChange ? .reduced : RecordLevel.none))
    #expect(
      level([], gate: RecordLevel.none, of: operation) == (operation.isChange ? .reduced : RecordLevel.none))
  }

  @Test func `levels other than full are told by name`() {
    var levels = RecordLevels()
    #expect(levels.text == "")
    levels[.list] = RecordLevel.none
    levels[.delete] = .reduced
    #expect(levels.text == "delete=reduced list=none")
    #expect(levels != RecordLevels())
  }

  @Test func `only the three words are levels`() {
    for text in ["", "None", "off", "full ", "metadata"] { #expect(RecordLevel(ByteString(text)) == nil) }
    for level in RecordLevel.allCases { #expect(RecordLevel(ByteString(level.text)) == level) }
  }
}
