// One file to stanzas.
//
//   file        = *stanza / *rule                 bare rules make a policy named after the file
//   stanza      = policy / token / anonymous
//   policy      = 'policy "' name '" {' [ 'audit = "' ( "full" / "reduced" / "none" ) '"' ] *( rule / partition ) '}'
//   partition   = ( 'partition "' name '" {' / 'partition_prefix "' prefix '" {' ) *rule '}'
//   rule        = 'peering = "' level '"'
//               / 'peering "' name '" { policy = "' level '" }'
//               / 'peering_prefix "' prefix '" { policy = "' level '" }'
//   level       = "deny" / "read" / "write"
//
// Token and anonymous blocks: see TokenReader. Everything may be written as JSON as well.
import Bytes
import HCL
import JSON

struct PolicyReader {
  private(set) var policies: [PolicyStanza] = []
  private(set) var tokens: [TokenStanza] = []
  private(set) var anonymous: [AnonymousStanza] = []
  private let report: Report

  init(into report: Report) { self.report = report }

  mutating func read(_ document: HCL.Document, of file: PolicyFile) {
    var reader = Reader(document, into: report)
    let places = PlaceMaker(file: file.name)
    let policyBlocks = reader.blocks("policy", labels: ["name"])
    let tokenBlocks = reader.blocks("token", labels: ["name"])
    let anonymousBlocks = reader.blocks("anonymous")
    var rules = RuleReader(policy: file.stem, places: places)
    rules.readPolicy(&reader)
    ConsulDocument.refuse(&reader)
    reader.finish()

    for block in policyBlocks { policies.append(policy(block, document.source, places)) }
    for block in tokenBlocks {
      if let token = TokenReader(source: document.source, places: places, report: report).token(block) {
        tokens.append(token)
      }
    }
    for block in anonymousBlocks {
      anonymous.append(TokenReader(source: document.source, places: places, report: report).anonymous(block))
    }
    readBare(rules.rules, beside: policyBlocks + tokenBlocks + anonymousBlocks, document, file, places)
  }

  private mutating func readBare(
    _ rules: [Rule], beside blocks: [Block], _ document: HCL.Document, _ file: PolicyFile,
    _ places: PlaceMaker
  ) {
    let start = Position(line: 1, column: 1)
    guard let first = rules.first else {
      if document.body.items.isEmpty {
        report.warning(at: start, in: document.source, "the file holds no policy, no token and no rule")
      } else if blocks.isEmpty, StanzaName.isPolicy(file.stem), ConsulRules.isPolicy(document.body) {
        // A policy of Consul's about other things: it has a name that tokens may refer to, and grants nothing.
        policies.append(PolicyStanza(name: file.stem, place: places.place(start), rules: []))
      }
      return
    }
    guard blocks.isEmpty else {
      report.error(
        at: Position(line: first.place.line, column: first.place.column), in: document.source,
        "a rule outside a policy block in a file that has blocks, expected it in policy \"<name>\" { … }")
      return
    }
    guard StanzaName.isPolicy(file.stem) else {
      report.error(
        at: start, in: document.source,
        "a file of bare rules is a policy named after the file, and \(Quoting.quoted(file.stem)) is no name "
          + "for one, expected letters, digits, - and _")
      return
    }
    policies.append(PolicyStanza(name: file.stem, place: places.place(start), rules: rules))
  }

  private func policy(_ block: Block, _ source: Source, _ places: PlaceMaker) -> PolicyStanza {
    let name = block.labels[0]
    if !StanzaName.isPolicy(name.value) {
      report.error(
        at: name.position, in: source,
        "\(Quoting.quoted(name.value)) is no name for a policy, expected 1 to \(PolicyLimits.nameBytes) "
          + "letters, digits, - and _")
    }
    var reader = Reader(block.body, of: block.title, in: source, into: report)
    var rules = RuleReader(policy: name.value, places: places)
    rules.readPolicy(&reader)
    let level = recordLevel(&reader, name.value, rules.rules)
    reader.finish()
    if rules.rules.isEmpty, block.body.items.isEmpty {
      report.warning(at: block.position, in: source, "\(block.title) has no rules and grants nothing")
    }
    return PolicyStanza(
      name: name.value, place: places.place(block.position), rules: rules.rules, recordLevel: level)
  }

  private func recordLevel(_ reader: inout Reader, _ policy: ByteString, _ rules: [Rule]) -> RecordLevel? {
    guard let text = reader.string("audit") else { return nil }
    guard let level = RecordLevel(text.value) else {
      reader.error(
        at: text.position,
        "\(Quoting.quoted(text.value)) is no level, expected \"full\", \"reduced\" or \"none\"")
      return nil
    }
    if level == .none, let change = rules.first(where: { $0.level == .write }) {
      reader.error(
        at: text.position,
        "policy \(Quoting.quoted(policy)) grants write at \(change.place.text), and changes are always recorded, "
          + "expected \"reduced\", or a policy without write")
    }
    return level
  }
}

/// Positions in one file, as places in a set of files.
struct PlaceMaker {
  let file: ByteString

  func place(_ position: Position) -> Place {
    Place(file: file, line: position.line, column: position.column)
  }
}
