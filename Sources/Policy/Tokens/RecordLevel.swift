// How much of an allowed request is recorded.
package import Bytes
package import Peering

/// What was denied, refused or failed is always recorded in full; these are for what was allowed and went well.
package enum RecordLevel: UInt8, Sendable, Comparable, CaseIterable {
  /// Counted, and nothing else. Never for a change.
  case none
  /// Who did what to which peering, and what came of it.
  case reduced
  case full

  /// Exactly one spelling each.
  package init?(_ text: ByteString) {
    guard let level = Self.allCases.first(where: { ByteString($0.text) == text }) else { return nil }
    self = level
  }

  package var text: String {
    switch self {
    case .none: "none"
    case .reduced: "reduced"
    case .full: "full"
    }
  }

  package static func < (one: RecordLevel, other: RecordLevel) -> Bool { one.rawValue < other.rawValue }
}

/// One level for each operation. A change has at least `reduced`: there is no way to ask for less.
package struct RecordLevels: Sendable, Equatable {
  private var levels: InlineArray<5, RecordLevel>

  package init() { levels = InlineArray(repeating: .full) }

  package subscript(operation: Operation) -> RecordLevel {
    get { levels[Self.index(operation)] }
    set { levels[Self.index(operation)] = operation.isChange ? max(newValue, .reduced) : newValue }
  }

  /// What differs from `full`, for the record of a start: `read=none list=reduced`.
  package var text: String {
    Operation.allCases.filter { self[$0] != .full }.map { "\($0)=\(self[$0].text)" }.joined(separator: " ")
  }

  package static func == (one: RecordLevels, other: RecordLevels) -> Bool {
    Operation.allCases.allSatisfy { one[$0] == other[$0] }
  }

  private static func index(_ operation: Operation) -> Int {
    switch operation {
    case .generate: 0
    case .establish: 1
    case .read: 2
    case .delete: 3
    case .list: 4
    }
  }
}

/// What the policies of one token say about levels, added up once when the set is made.
struct StatedLevels: Sendable {
  /// The fullest level that a policy states; nil if none states any, which is the usual case.
  private let fullest: RecordLevel?
  /// Whether a policy leaves it to the gate's own levels.
  private let someAreSilent: Bool

  init(_ policies: [PolicyStanza]) {
    fullest = policies.compactMap(\.recordLevel).max()
    someAreSilent = policies.contains { $0.recordLevel == nil }
  }

  /// The fullest of what the policies say, a silent one saying what the gate says: so none can quiet what another
  /// policy of the token grants.
  func level(of operation: Operation, by gate: RecordLevels) -> RecordLevel {
    guard let fullest else { return gate[operation] }
    let level = someAreSilent ? max(fullest, gate[operation]) : fullest
    return operation.isChange ? max(level, .reduced) : level
  }
}
