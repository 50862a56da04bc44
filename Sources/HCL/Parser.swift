// Tokens to a tree.

import Bytes
import JSON

/// HCL 1 as Consul's operators write it.
///
///     document = *( item [ "," ] )
///     item     = name ( "=" value / *label "{" document "}" )
///     name     = identifier / string
///     label    = string / identifier
///     value    = string / heredoc / number / "true" / "false" / list / "{" document "}"
///     list     = "[" [ value *( "," value ) [ "," ] ] "]"
///
/// Line ends mean nothing.
struct Parser {
  private var lexer: Lexer
  private var token: Token
  private var depth = 0

  init(source: Source) throws(SyntaxError) {
    lexer = Lexer(source: source)
    token = try lexer.next()
  }

  mutating func document() throws(SyntaxError) -> Body {
    let items = try items()
    guard token.kind == .end else { throw unexpected(expected: "a key") }
    return Body(items: items, position: .start)
  }

  private mutating func items() throws(SyntaxError) -> [Body.Item] {
    var items: [Body.Item] = []
    while let name = name() {
      let position = token.position
      try advance()
      items.append(try item(name, at: position))
      _ = try take(",")
    }
    return items
  }

  private mutating func item(_ name: ByteString, at position: Position) throws(SyntaxError) -> Body.Item {
    if try take("=") {
      return .attribute(Attribute(name: name, namePosition: position, value: try value()))
    }
    var labels: [Located<ByteString>] = []
    while let label = self.name() {
      labels.append(Located(label, at: token.position))
      try advance()
    }
    guard token.kind == .mark("{") else {
      throw unexpected(expected: labels.isEmpty ? "'=', '{' or a label" : "'{' or another label")
    }
    return .block(Block(type: name, position: position, labels: labels, body: try body()))
  }

  private mutating func body() throws(SyntaxError) -> Body {
    let position = token.position
    try descend()
    let items = try items()
    guard try take("}") else { throw unexpected(expected: "a key, or '}' for the '{' at \(position)") }
    depth -= 1
    return Body(items: items, position: position)
  }

  private mutating func value() throws(SyntaxError) -> Value {
    let position = token.position
    let content: Value.Content
    switch token.kind {
    case .string(let text): content = .string(text)
    case .number(let text): content = .number(text)
    case .identifier("true"): content = .bool(true)
    case .identifier("false"): content = .bool(false)
    case .identifier: throw unexpected(expected: "a value; a string needs quotation marks")
    case .mark("["): return Value(position: position, content: .list(try list()))
    case .mark("{"): return Value(position: position, content: .object(try body()))
    case .mark, .end: throw unexpected(expected: "a value")
    }
    try advance()
    return Value(position: position, content: content)
  }

  private mutating func list() throws(SyntaxError) -> [Value] {
    try descend()
    var values: [Value] = []
    while token.kind != .mark("]") {
      values.append(try value())
      guard try take(",") else { break }
    }
    guard try take("]") else { throw unexpected(expected: values.isEmpty ? "a value or ']'" : "',' or ']'") }
    depth -= 1
    return values
  }

  private func name() -> ByteString? {
    switch token.kind {
    case .identifier(let text), .string(let text): text
    case .number, .mark, .end: nil
    }
  }

  private mutating func advance() throws(SyntaxError) { token = try lexer.next() }

  private mutating func take(_ mark: Character) throws(SyntaxError) -> Bool {
    guard token.kind == .mark(mark) else { return false }
    try advance()
    return true
  }

  private mutating func descend() throws(SyntaxError) {
    if depth == HCLLimits.depth {
      let message = "blocks, lists and objects are nested more than \(HCLLimits.depth) deep"
      throw SyntaxError(lexer.source.error(at: token.position, message))
    }
    depth += 1
    try advance()
  }

  private func unexpected(expected: String) -> SyntaxError {
    let position = token.kind == .end ? lexer.endOfToken : token.position
    return SyntaxError(lexer.source.error(at: position, "unexpected \(token.name), expected \(expected)"))
  }
}
