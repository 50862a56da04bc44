// The same language written as JSON.

import Bytes
import JSON

/// Objects become bodies of attributes. Which of them are blocks, and which keys are labels, `Reader` knows.
struct JSONNotation {
  let source: Source

  func body() throws(SyntaxError) -> Body {
    let bytes = source.bytes
    let root: Node
    do throws(Malformation) {
      let limits = Limits(
        textBytes: HCLLimits.fileBytes, depth: HCLLimits.depth, values: HCLLimits.fileBytes / 4)
      root = try JSON.Document.parse(bytes.span, limits: limits)
    } catch {
      throw fault(at: error.position, "\(error.reason)")
    }
    guard case .object(let members) = root.value else {
      throw fault(at: root.position, "\(root.value.kind), expected an object")
    }
    return try body(members, at: root.position)
  }

  private func body(_ members: [Member], at position: Position) throws(SyntaxError) -> Body {
    var items: [Body.Item] = []
    for member in members {
      let value = try value(member.node)
      items.append(
        .attribute(Attribute(name: member.name, namePosition: member.position, value: value)))
    }
    return Body(items: items, position: position)
  }

  private func value(_ node: Node) throws(SyntaxError) -> Value {
    let content: Value.Content
    switch node.value {
    case .null: throw fault(at: node.position, "null is no value here; leave the key out instead")
    case .bool(let bool): content = .bool(bool)
    case .number(let text): content = .number(text)
    case .string(let text):
      if text.holdsInterpolation {
        throw fault(at: node.position, #"interpolation "${…}" is not part of this language"#)
      }
      content = .string(text)
    case .array(let nodes):
      var values: [Value] = []
      for node in nodes { values.append(try value(node)) }
      content = .list(values)
    case .object(let members): content = .object(try body(members, at: node.position))
    }
    return Value(position: node.position, content: content)
  }

  private func fault(at position: Position, _ message: String) -> SyntaxError {
    SyntaxError(source.error(at: position, message))
  }
}

extension ByteString {
  fileprivate var holdsInterpolation: Bool {
    var last: UInt8 = 0
    for byte in utf8 {
      if last == UInt8(ascii: "$"), byte == UInt8(ascii: "{") { return true }
      last = byte
    }
    return false
  }
}
