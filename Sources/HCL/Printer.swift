// A tree to canonical HCL.

import Bytes

/// What is printed parses back to the same tree, positions aside.
struct Printer {
  private(set) var text = ""
  private var depth = 0

  mutating func print(_ body: Body) {
    for item in body.items {
      indent()
      switch item {
      case .attribute(let attribute):
        text += Printer.name(attribute.name) + " = "
        print(attribute.value)
      case .block(let block):
        text += ([Printer.name(block.type)] + block.labels.map { Quoting.literal($0.value) } + [""])
          .joined(separator: " ")
        printBraces(block.body)
      }
      text += "\n"
    }
  }

  private mutating func print(_ value: Value) {
    switch value.content {
    case .string(let string): text += Quoting.literal(string)
    case .number(let number): text += number
    case .bool(let bool): text += bool ? "true" : "false"
    case .list(let values):
      text += "["
      for (index, value) in values.enumerated() {
        if index > 0 { text += ", " }
        print(value)
      }
      text += "]"
    case .object(let body): printBraces(body)
    }
  }

  private mutating func printBraces(_ body: Body) {
    if body.items.isEmpty {
      text += "{}"
      return
    }
    text += "{\n"
    depth += 1
    print(body)
    depth -= 1
    indent()
    text += "}"
  }

  private mutating func indent() {
    text += String(repeating: "  ", count: depth)
  }

  private static func name(_ name: ByteString) -> String {
    Quoting.isIdentifier(name) ? name.string : Quoting.literal(name)
  }
}
