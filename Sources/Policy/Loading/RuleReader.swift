// The rules of one policy.
import Bytes
import HCL
import JSON
import Peering

struct RuleReader {
  /// In the order of the file.
  private(set) var rules: [Rule] = []
  private let policy: ByteString
  private let places: PlaceMaker
  private var placesByKey: [RuleKey: Place] = [:]

  init(policy: ByteString, places: PlaceMaker) {
    self.policy = policy
    self.places = places
  }

  /// Rules of the default partition and of all partition blocks.
  mutating func readPolicy(_ reader: inout Reader) {
    read(&reader, RuleKey.defaultPartition)
    noteConsulRules(&reader, hasRules: !rules.isEmpty)
    for block in reader.blocks("partition", labels: ["name"]) {
      let name = block.labels[0]
      guard Partition(name.value.string) != nil else {
        reader.error(
          at: name.position, Self.nameFault(name.value, "partition", bareForm: "partition_prefix \"\""))
        continue
      }
      readPartition(block, .exactly(name.value), reader.source, reader.report)
    }
    for block in reader.blocks("partition_prefix", labels: ["prefix"]) {
      let prefix = block.labels[0]
      guard Self.beginsNames(prefix.value) else {
        reader.error(at: prefix.position, Self.prefixFault(prefix.value, "partition"))
        continue
      }
      readPartition(block, .beginning(prefix.value), reader.source, reader.report)
    }
    rules.sort { ($0.place.line, $0.place.column) < ($1.place.line, $1.place.column) }
  }

  private mutating func readPartition(
    _ block: Block, _ partition: Pattern, _ source: Source, _ report: Report
  ) {
    var reader = Reader(block.body, of: block.title, in: source, into: report)
    let before = rules.count
    read(&reader, partition)
    noteConsulRules(&reader, hasRules: rules.count > before)
    reader.finish()
  }

  private func noteConsulRules(_ reader: inout Reader, hasRules: Bool) {
    let found = reader.takeAll(named: ConsulRules.names)
    guard let first = found.first else { return }
    reader.warning(at: first.position, ConsulRules.warning(found.map(\.name), besideRules: hasRules))
  }

  private mutating func read(_ reader: inout Reader, _ partition: Pattern) {
    let bare = reader.attribute("peering", form: "a level (\"deny\", \"read\" or \"write\")") {
      if case .string = $0.content { true } else { false }
    }
    if let bare, case .string(let text) = bare.value.content {
      add(
        RuleKey(partition: partition, names: .every), Located(text, at: bare.value.position),
        bare.namePosition,
        &reader)
    }
    for block in reader.blocks("peering", labels: ["name"]) {
      let name = block.labels[0]
      let level = level(of: block, reader.source, reader.report)
      guard PeerName(name.value.string) != nil else {
        reader.error(at: name.position, Self.nameFault(name.value, "peering", bareForm: "peering = \"…\""))
        continue
      }
      add(
        RuleKey(partition: partition, names: .pattern(.exactly(name.value))), level, block.position, &reader)
    }
    for block in reader.blocks("peering_prefix", labels: ["prefix"]) {
      let prefix = block.labels[0]
      let level = level(of: block, reader.source, reader.report)
      guard Self.beginsNames(prefix.value) else {
        reader.error(at: prefix.position, Self.prefixFault(prefix.value, "peer"))
        continue
      }
      add(
        RuleKey(partition: partition, names: .pattern(.beginning(prefix.value))), level, block.position,
        &reader)
    }
  }

  private func level(of block: Block, _ source: Source, _ report: Report) -> Located<ByteString>? {
    var reader = Reader(block.body, of: block.title, in: source, into: report)
    let level = reader.string("policy")
    if level == nil {
      reader.reportMissing("policy", hint: ", expected policy = \"deny\", \"read\" or \"write\"")
    }
    reader.finish()
    return level
  }

  private mutating func add(
    _ key: RuleKey, _ level: Located<ByteString>?, _ position: Position, _ reader: inout Reader
  ) {
    guard let level else { return }
    guard let parsed = Level(level.value) else {
      reader.error(at: level.position, Self.levelFault(level.value))
      return
    }
    let place = places.place(position)
    if let first = placesByKey[key] {
      reader.error(
        at: position, "policy \(Quoting.quoted(policy)) has this rule already at \(first.text); keep one")
      return
    }
    placesByKey[key] = place
    rules.append(Rule(key: key, level: parsed, policy: policy, place: place))
  }

  private static func levelFault(_ text: ByteString) -> String {
    if Level(text.lowercasedASCII) != nil {
      return
        "\(Quoting.quoted(text)) is no level, expected \(Quoting.quoted(text.lowercasedASCII)) in lower case"
    }
    return "\(Quoting.quoted(text)) is no level, expected \"deny\", \"read\" or \"write\""
  }

  private static func nameFault(_ text: ByteString, _ kind: ByteString, bareForm: String) -> String {
    if text.contains(UInt8(ascii: "*")) {
      return "\(Quoting.quoted(text)): names are no patterns, expected \(kind)_prefix \"<beginning>\" "
        + "or \(bareForm) for all"
    }
    let noun = kind == "peering" ? "peer" : kind
    return
      "no \(noun) can be named \(Quoting.quoted(text)), expected 1 to 63 lower-case letters, digits and -, "
      + "the first and the last of them no -"
  }

  private static func prefixFault(_ text: ByteString, _ noun: String) -> String {
    let advice =
      text.hasSuffix("*")
      ? "expected the beginning alone, without an asterisk"
      : "expected at most 63 lower-case letters, digits and -, the first of them no -"
    return "no \(noun) name begins with \(Quoting.quoted(text)), \(advice)"
  }

  /// Whether some valid name begins so.
  private static func beginsNames(_ prefix: ByteString) -> Bool {
    prefix.isEmpty || PeerName(prefix.string) != nil || PeerName(prefix.string + "a") != nil
  }
}
