// Where a text is kept as Swift's String though something compares what it is kept in, or may come from outside.

import Foundation

/// `TextComparison` reads lines; what the compiler writes is on none. A type that is `Hashable` or `Equatable` compares
/// its members by `==`, so a `String` in it is compared by canonical equivalence without a line that says so.
enum StoredTexts {
  struct Fault: Equatable {
    let line: Int
    /// The type that is compared, or the parameter's function.
    let spelling: String
  }

  private static let text = #"\[?(String|Substring|Character)\b(?!\.)"#

  /// Stored members and payloads that are texts, of types that are compared and have no `==` of their own. Errors are
  /// compared by tests alone, and so is what is named a fault, a reason or a warning.
  static func compared(in lines: [String]) -> [Fault] {
    let code = lines.map(TextComparison.withoutLiterals)
    let isWrittenOut = code.contains { $0.contains("static func ==") }
    var faults: [Fault] = []
    var open: [(depth: Int, name: String, isCompared: Bool)] = []
    var depth = 0
    for (index, line) in code.enumerated() {
      if let type = open.last, type.isCompared, depth == type.depth + 1, isStored(line), !isWrittenOut {
        faults.append(Fault(line: index + 1, spelling: type.name))
      }
      if let type = line.firstMatch(of: #/\b(?:struct|enum|class|actor) (\w+)\b(.*)\{/#) {
        let isCompared = type.2.contains(#/\b(Hashable|Equatable|Comparable)\b/#)
        let isError =
          type.2.contains(#/\bError\b/#) || type.1.contains(#/(Fault|Error|Reason|Warning|Notice)$/#)
        open.append((depth, String(type.1), isCompared && !isError))
      }
      depth += line.count { $0 == "{" } - line.count { $0 == "}" }
      while let type = open.last, depth <= type.depth { open.removeLast() }
    }
    return faults
  }

  /// Stored members and parameters of a text's type: those of a computed property and of a result do not count.
  static func taken(in lines: [String]) -> [Fault] {
    var faults: [Fault] = []
    for (index, whole) in lines.enumerated() {
      let line = TextComparison.withoutLiterals(whole)
      guard
        isStored(line) || matches(line, #"[(,] *(\w+ )?\w+: (inout |borrowing |consuming )?"# + text)
          || matches(line, #"^\s*(\w+ )?_? ?\w+: (inout )?"# + text + #"[^{]*,?$"#)
      else { continue }
      faults.append(Fault(line: index + 1, spelling: line.trimmingCharacters(in: .whitespaces)))
    }
    return faults
  }

  private static func isStored(_ line: String) -> Bool {
    matches(line, #"\b(let|var) \w+: "# + text + #"[^{]*$"#)
      || matches(line, #"^\s*(indirect )?case \w+\(.*\b(String|Substring|Character)\b(?!\.)"#)
  }

  private static func matches(_ line: String, _ pattern: String) -> Bool {
    line.range(of: pattern, options: .regularExpression) != nil
  }
}
