// The attributes and blocks between two braces, or of a whole file.

package import Bytes
package import JSON

package struct Body: Sendable, Hashable {
  package enum Item: Sendable, Hashable {
    case attribute(Attribute)
    case block(Block)
  }

  /// In the order of the text. Nothing is merged and nothing checked for repetition here: `Reader` does.
  package let items: [Item]
  /// Where the opening brace stands, or the start of the file.
  package let position: Position

  package init(items: [Item], position: Position) {
    self.items = items
    self.position = position
  }

  package var attributes: [Attribute] {
    items.compactMap { if case .attribute(let attribute) = $0 { attribute } else { nil } }
  }

  package var blocks: [Block] {
    items.compactMap { if case .block(let block) = $0 { block } else { nil } }
  }
}

/// `name = value`
package struct Attribute: Sendable, Hashable {
  package let name: ByteString
  package let namePosition: Position
  package let value: Value

  package init(name: ByteString, namePosition: Position, value: Value) {
    self.name = name
    self.namePosition = namePosition
    self.value = value
  }
}

/// `type "label" "label" { … }`
package struct Block: Sendable, Hashable {
  package let type: ByteString
  /// Where the type stands.
  package let position: Position
  package let labels: [Located<ByteString>]
  package let body: Body

  package init(type: ByteString, position: Position, labels: [Located<ByteString>], body: Body) {
    self.type = type
    self.position = position
    self.labels = labels
    self.body = body
  }

  /// What to call it in a message: `policy "team-a"`.
  package var title: String {
    ([type.shown] + labels.map { Quoting.quoted($0.value) }).joined(separator: " ")
  }
}
