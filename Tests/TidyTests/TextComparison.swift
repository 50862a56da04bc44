// How code compares texts, read from its lines: what comes from outside is compared as bytes.

import Foundation

/// Swift's `String` and `Character` compare by canonical equivalence, in time quadratic in a run of combining marks, and
/// take for equal what Go keeps apart. The sources say `ByteString` or `.utf8` wherever they compare, hash, order or
/// search. A line is judged by itself and by what its file imports and declares: with `MemberImportVisibility` a literal
/// can be a `ByteString` only where `Bytes` is imported.
enum TextComparison {
  struct Fault: Equatable {
    let line: Int
    let spelling: String
    let instead: String
  }

  /// Kinds of keys and searches that no text from outside may have.
  private static let never: [(pattern: String, instead: String)] = [
    (#"\[(String|Substring|Character)\??\s*:(?!:)"#, "a dictionary of texts has keys of ByteString"),
    (#"\b(Set|Dictionary)<(String|Substring|Character)\b"#, "a set of texts is one of ByteString"),
    (#"\.(lowercased|uppercased)\(\)"#, "use lowercasedASCII of a ByteString"),
    (#"\.localized|\.caseInsensitiveCompare|\.folding\("#, "compare bytes"),
    (#"\.(contains|firstRange|ranges|replacing|trimmingPrefix)\((of: )?""\s*[,)]"#, "search bytes"),
    (#"\.(split\(separator|firstIndex\(of|lastIndex\(of|index\(of): """#, "search .utf8 for UInt8(ascii:)"),
    (#"\.starts\(with: ""\s*\)"#, "use hasPrefix of a ByteString, or .utf8 on both sides"),
    (#"\.(first|last)\s*[=!]= """#, "compare the first of .utf8"),
    (#"\.(string|description|debugDescription)\s*([=!<>]=|[<>] )"#, "compare the ByteString itself"),
    (#"\.(string|description)\.(hasPrefix|hasSuffix|contains|split|sorted)\b"#, "ask the ByteString itself"),
    (#"\.contains\(\w+\.string\)|\w\[\w+\.string\]"#, "look up the ByteString itself"),
    (#"\bswitch [\w.?]*\.(string|description)\b"#, "switch over the ByteString itself"),
    (
      #"\(rawValue: [\w.?]+\.(string|description)\)"#,
      "look among all cases for the one whose bytes are these"
    ),
    (#"\.(capitalized|range\(of:|components\(separatedBy|trimmingCharacters)"#, "use bytes"),
  ]

  /// Where `Bytes` is not imported these can only be about Swift's strings.
  private static let onlyWithBytes: [(pattern: String, instead: String)] = [
    (#"([=!]=|<|>) """#, "import Bytes and compare a ByteString"),
    (#"^\s*case ""\s*[,:]"#, "import Bytes and switch over a ByteString"),
    (#"\.(hasPrefix|hasSuffix)\("#, "import Bytes and ask a ByteString"),
    (#"""\s*[=!]= "#, "import Bytes and compare a ByteString"),
  ]

  /// Of a name that the file declares as a string: how it must not be used.
  private static func uses(of name: String) -> [(pattern: String, instead: String)] {
    let operand = #"(?<![\w.])(self\.)?"# + name + #"\b"#
    let end = #"(?!\.|\w|\()"#
    return [
      (operand + #"\s*([=!]=)\s*+(?!nil\b)"#, "\(name) is a String: make it a ByteString"),
      (#"[=!]=\s*"# + operand + end, "\(name) is a String: make it a ByteString"),
      (
        operand
          + #"\??\.(hasPrefix|hasSuffix|contains|split|firstIndex|lastIndex|dropFirst|dropLast|first|last)\b(?! *\{)"#,
        "\(name) is a String: use its .utf8"
      ),
      (#"\bswitch "# + operand + #"\s*\{"#, "\(name) is a String: switch over a ByteString"),
      (#"\.contains\("# + operand + #"\)"#, "\(name) is a String: look up a ByteString"),
      (#"\(rawValue: "# + operand + #"\)"#, "\(name) is a String: look among all cases for its bytes"),
    ]
  }

  /// The same of a name that is declared as an array of strings.
  private static func arrayUses(of name: String) -> [(pattern: String, instead: String)] {
    let operand = #"(?<![\w.])(self\.)?"# + name
    return [
      (
        operand + #"\??\.(sorted\(\)|contains\(\w|firstIndex\(of|lastIndex\(of|min\(\)|max\(\))"#,
        "\(name) holds Strings: let it hold ByteStrings"
      )
    ]
  }

  static func faults(in lines: [String]) -> [Fault] {
    let code = lines.map(withoutLiterals)
    let importsBytes = code.contains {
      $0.range(of: #"\bimport Bytes\b"#, options: .regularExpression) != nil
    }
    let declared = names(declaredIn: code)
    var rules = never + (importsBytes ? [] : onlyWithBytes)
    for name in declared.strings { rules += uses(of: name) }
    for name in declared.arrays { rules += arrayUses(of: name) }
    let compiled = rules.compactMap { rule in
      (try? NSRegularExpression(pattern: rule.pattern)).map { ($0, rule.instead) }
    }
    precondition(compiled.count == rules.count, "a pattern of this rule is none")
    var faults: [Fault] = []
    for (index, text) in code.enumerated() where !text.isEmpty {
      for (pattern, instead) in compiled {
        let whole = NSRange(text.startIndex..., in: text)
        guard let match = pattern.firstMatch(in: text, range: whole), let place = Range(match.range, in: text)
        else { continue }
        faults.append(Fault(line: index + 1, spelling: String(text[place]), instead: instead))
      }
    }
    return faults
  }

  /// Names of parameters, constants and variables whose type is written `String`, `String?` or `Substring`, or follows
  /// from what they begin as, and of none that the same file declares as something else too.
  private static func names(declaredIn code: [String]) -> (strings: Set<String>, arrays: Set<String>) {
    var (strings, arrays, others): (Set<String>, Set<String>, Set<String>) = ([], [], [])
    let pattern = #/(\w+): (inout |borrowing |consuming )?(\[?[A-Z][\w.]*\]?)/#
    for text in code {
      for match in text.matches(of: pattern) {
        if ["String", "Substring", "Character"].contains(match.3) {
          strings.insert(String(match.1))
        } else if match.3 == "[String]" {
          arrays.insert(String(match.1))
        } else {
          others.insert(String(match.1))
        }
      }
      // A name bound by a pattern may be of any type.
      for match in text.matches(of: #/\b(?:let|var|for|case) \(?(\w+)(?:, (\w+))?/#) {
        if beginsAsString(text, name: match.1) {
          strings.insert(String(match.1))
        } else if !text.contains("\(match.1): String"), !text.contains("\(match.1): [String]") {
          others.insert(String(match.1))
        }
        if let second = match.2 { others.insert(String(second)) }
      }
    }
    return (
      strings.subtracting(others).subtracting(arrays), arrays.subtracting(others).subtracting(strings)
    )
  }

  /// A literal, a conversion, or a text that was taken out of its bytes: without a type beside it that is a `String`.
  private static func beginsAsString(_ line: String, name: Substring) -> Bool {
    let start = #"\b(let|var) "# + name + " = "
    let text = #"(""|String\((?!describing)[^()]*\)|\w[\w.?]*\.(string|description|rawValue)( \?\? "")?)"#
    return line.range(of: start + text + #"\s*(,.*|else \{.*)?$"#, options: .regularExpression) != nil
  }

  /// Code alone: comments gone, what stands in quotation marks gone, the marks kept.
  static func withoutLiterals(_ line: String) -> String {
    var (code, isInLiteral, isEscaped): (String, Bool, Bool) = ("", false, false)
    for scalar in line.unicodeScalars {
      if isEscaped {
        isEscaped = false
      } else if isInLiteral, scalar == "\\" {
        isEscaped = true
      } else if scalar == "\"" {
        isInLiteral.toggle()
        code.unicodeScalars.append(scalar)
      } else if !isInLiteral {
        if scalar == "/", code.hasSuffix("/") {
          code.removeLast()
          break
        }
        code.unicodeScalars.append(scalar)
      }
    }
    return code
  }
}
