// Takes the known keys out of a body, each once, and tells of everything that is left.

package import Bytes
package import JSON

/// How a consumer reads one body: ask for every key the language has there, then `finish()`.
///
///     var reader = Reader(block, in: source, into: report)
///     let policies = reader.strings("policies")
///     let accessor = reader.requiredString("accessor_id")
///     reader.finish()
///
/// Faults go to the report and reading goes on, so that one run shows them all; what could not be read is
/// nil. A key may be asked for in two forms (`peering = "read"` and `peering "name" { … }`), in any order:
/// each question takes only what has its form, and a key whose form nobody asked for is reported at the end.
package struct Reader: ~Copyable {
  package let source: Source
  package let report: Report
  /// What messages call the body: `policy "team-a"`.
  package let title: String
  package let position: Position

  private var entries: [Entry]
  private var forms: [ByteString: [String]] = [:]
  /// Words that may be meant by one that is unknown, though nobody asks for them by name.
  private var others: [ByteString] = []

  private struct Entry {
    let name: ByteString
    let position: Position
    let item: Body.Item
    var isTaken = false
  }

  package init(_ body: Body, of title: String, in source: Source, into report: Report) {
    self.init(body, of: title, at: body.position, in: source, into: report)
  }

  private init(
    _ body: Body, of title: String, at position: Position, in source: Source, into report: Report
  ) {
    self.source = source
    self.report = report
    self.title = title
    self.position = position
    entries = body.items.map { item in
      switch item {
      case .attribute(let attribute):
        Entry(name: attribute.name, position: attribute.namePosition, item: item)
      case .block(let block): Entry(name: block.type, position: block.position, item: item)
      }
    }
  }

  /// For a block; what it lacks is reported where it begins.
  package init(_ block: Block, in source: Source, into report: Report) {
    self.init(block.body, of: block.title, at: block.position, in: source, into: report)
  }

  /// For a whole file.
  package init(_ document: Document, into report: Report) {
    self.init(document.body, of: "the file", in: document.source, into: report)
  }

  package func error(at position: Position, _ message: @autoclosure () -> String) {
    report.error(at: position, in: source, message())
  }

  package func warning(
    at position: Position, isOfSecurity: Bool = false, _ message: @autoclosure () -> String
  ) {
    report.warning(at: position, in: source, isOfSecurity: isOfSecurity, message())
  }

  /// Says that `name` must be there, unless something of that name is there in a wrong form, of which
  /// `finish()` tells.
  package func reportMissing(_ name: ByteString, hint: String = "") {
    if has(name) { return }
    error(at: position, "\(title) lacks \(Quoting.quoted(name))\(hint)")
  }

  /// Takes the attribute of that name whose value satisfies `hasForm`; `form` says in a message what was
  /// looked for. A second one is reported.
  package mutating func attribute(
    _ name: ByteString, form: String, where hasForm: (Value) -> Bool
  ) -> Attribute? {
    forms[name, default: []].append(form)
    var first: Attribute?
    for index in entries.indices where entries[index].name == name && !entries[index].isTaken {
      guard case .attribute(let attribute) = entries[index].item, hasForm(attribute.value) else { continue }
      entries[index].isTaken = true
      if let first {
        let place = first.namePosition
        error(
          at: attribute.namePosition,
          "\(Quoting.quoted(name)) is set a second time in \(title), the first is at \(place)")
      } else {
        first = attribute
      }
    }
    return first
  }

  /// Takes all blocks of that type, with exactly as many labels as `labels` names (`["name"]`).
  ///
  /// An object as value is a block as well, as in HCL 1: its keys are the labels, level by level, and a list
  /// of objects is several blocks. That is how blocks are written in JSON.
  package mutating func blocks(_ type: ByteString, labels: [String] = []) -> [Block] {
    forms[type, default: []].append("a block")
    var blocks: [Block] = []
    for index in entries.indices where entries[index].name == type && !entries[index].isTaken {
      switch entries[index].item {
      case .block(let block):
        entries[index].isTaken = true
        if block.labels.count == labels.count {
          blocks.append(block)
        } else {
          let pattern = ([type.shown] + labels.map { "\"<\($0)>\"" } + ["{ … }"]).joined(separator: " ")
          let place = block.labels.last?.position ?? block.position
          error(at: place, "wrong number of labels, expected \(pattern)")
        }
      case .attribute(let attribute):
        guard Reader.isBlocks(attribute.value) else { continue }
        entries[index].isTaken = true
        let start = Block(
          type: type, position: attribute.namePosition, labels: [], body: Body(items: [], position: position))
        collect(attribute.value, under: start, labels: labels[...], into: &blocks)
      }
    }
    return blocks.filter { block in block.labels.allSatisfy { isVisible($0.value, at: $0.position) } }
  }

  /// Takes all items with one of these names, whatever their form, in the order of the text: for what is known and
  /// means nothing here, or is refused with its own sentence. A misspelt key may have meant one of them, unless
  /// `areExpected` is false.
  package mutating func takeAll(
    named names: Set<ByteString>, areExpected: Bool = true
  ) -> [(name: ByteString, position: Position)] {
    if areExpected { others += names }
    var taken: [(name: ByteString, position: Position)] = []
    for index in entries.indices where !entries[index].isTaken && names.contains(entries[index].name) {
      entries[index].isTaken = true
      taken.append((entries[index].name, entries[index].position))
    }
    return taken
  }

  /// Whether something of that name stands there, taken or not.
  package func has(_ name: ByteString) -> Bool { entries.contains { $0.name == name } }

  /// Whether a value is free of characters that nobody sees. The text of a file has none, but an escape can spell one.
  func isVisible(_ text: ByteString, at position: Position) -> Bool {
    guard let scalar = text.firstInvisible else { return true }
    error(
      at: position,
      "the text holds the invisible character \(scalar.codePoint), which nothing here has a use for; take it out"
    )
    return false
  }

  /// Takes the block of that type, which may stand there once.
  package mutating func block(_ type: ByteString) -> Block? {
    let found = blocks(type)
    for extra in found.dropFirst() {
      error(
        at: extra.position,
        "a second block \(Quoting.quoted(type)) in \(title), the first is at \(found[0].position)")
    }
    return found.first
  }

  /// Reports what nobody asked for.
  package consuming func finish() {
    let known = Array(forms.keys)
    for entry in entries where !entry.isTaken {
      let name = Quoting.quoted(entry.name)
      guard let forms = forms[entry.name] else {
        let hint = Suggestion.phrase(for: entry.name, among: known, others: others)
        error(at: entry.position, "unknown key \(name) in \(title)\(hint)")
        continue
      }
      switch entry.item {
      case .attribute(let attribute):
        let expected = forms.joined(separator: " or ")
        error(at: attribute.value.position, "\(name) is \(attribute.value.kind), expected \(expected)")
      case .block:
        error(at: entry.position, "\(name) is a block, expected \(Quoting.unquoted(entry.name)) = …")
      }
    }
  }

  private func collect(
    _ value: Value, under block: Block, labels: ArraySlice<String>, into blocks: inout [Block]
  ) {
    switch value.content {
    case .list(let values):
      // Taken for no block at all, it could leave a token without its certificate, or a name without its denial.
      if values.isEmpty {
        error(
          at: value.position,
          "\(block.title) is an empty list, expected a block; leave it out if none is meant")
      }
      for value in values { collect(value, under: block, labels: labels, into: &blocks) }
    case .object(let body):
      guard let label = labels.first else {
        blocks.append(Block(type: block.type, position: block.position, labels: block.labels, body: body))
        return
      }
      if body.items.isEmpty {
        error(
          at: value.position,
          "\(block.title) is an empty object, expected one whose keys are the labels <\(label)>; leave it out if "
            + "none is meant")
      }
      for item in body.items {
        switch item {
        case .attribute(let attribute):
          let label = Located(attribute.name, at: attribute.namePosition)
          let labelled = Block(
            type: block.type, position: label.position, labels: block.labels + [label], body: body)
          collect(attribute.value, under: labelled, labels: labels.dropFirst(), into: &blocks)
        case .block(let inner):
          error(
            at: inner.position, "a block inside an object of labels, expected \(inner.type.shown) = { … }")
        }
      }
    case .string, .number, .bool:
      let wanted = labels.first.map { "an object whose keys are the labels <\($0)>" } ?? "an object"
      error(at: value.position, "\(block.title) is \(value.kind), expected \(wanted)")
    }
  }

  private static func isBlocks(_ value: Value) -> Bool {
    switch value.content {
    case .object: true
    case .list(let values): values.allSatisfy(isBlocks)
    case .string, .number, .bool: false
    }
  }
}
