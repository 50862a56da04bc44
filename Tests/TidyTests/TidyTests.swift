// The rules of the tree, kept by a test: each says what to do instead.

import Foundation
import Testing

@Suite struct TidyTests {
  @Test func `the tree was found`() {
    #expect(SourceTree.sources.count > 20)
    #expect(Set(SourceTree.sources.map(\.layer)).isSuperset(of: layers.keys))
  }

  @Test func `a layer imports only layers below it`() {
    for file in SourceTree.sources {
      guard let allowed = layers[file.layer] else {
        Issue.record("\(file): no such layer; add it to the table here and in README.md")
        continue
      }
      for module in file.imports where !allowed.contains(module) {
        let isPlatform = platform.contains(module) && !(pure.contains(file.layer) && module == "Glibc")
        #expect(isPlatform, "\(file) imports \(module): its layer may not; see the table in README.md")
      }
    }
  }

  @Test func `the table in the README names every layer`() throws {
    let readme = try String(contentsOf: SourceTree.root.appendingPathComponent("README.md"), encoding: .utf8)
    for layer in layers.keys {
      #expect(readme.contains(layer), "README.md does not show the layer \(layer)")
    }
  }

  @Test func `every file says its purpose in its first line`() {
    for file in SourceTree.sources + SourceTree.tests {
      let first = file.lines.first ?? ""
      #expect(
        first.hasPrefix("// ") && first.count > 12,
        "\(file): begin with a line that says what the file is for")
    }
  }

  @Test func `no file holds two ideas`() {
    for file in SourceTree.sources + SourceTree.tests {
      #expect(
        file.lines.count <= 301, "\(file) has \(file.lines.count) lines: find the second idea and its name")
    }
  }

  @Test func `no function is longer than a screen`() {
    for file in SourceTree.sources + SourceTree.tests {
      for (name, length) in functions(in: file) {
        #expect(length <= 70, "\(file): \(name) has \(length) lines: it holds two ideas")
      }
    }
  }

  @Test func `banned words do not appear in the sources`() {
    let bans: [(word: String, instead: String)] = [
      ("import Foundation", "use Glibc, or a layer below"),
      ("try!", "throw a typed error"),
      ("as!", "use `as?` and a typed error"),
      ("fatalError(", "throw, or `precondition` with the invariant it proves"),
      ("open class", "`package` is the widest access"),
      ("FIXME", "mend it"), ("TODO", "do it or write an issue"), ("XXX", "say what is wrong"),
      ("HACK", "say why"),
      ("print(\"DEBUG", "log through the operator's logger"),
      ("usleep(", "park with a deadline"), ("Thread.sleep", "park with a deadline"),
      ("Task.detached", "every task starts with executorPreference"),
      ("@preconcurrency", "make it Sendable"), ("nonisolated(unsafe)", "confine it, or use a Mutex"),
    ]
    for file in SourceTree.sources {
      for (number, text) in file.code {
        let words = text.split(separator: " ")
        let isPublic =
          words.first == "public" && words.dropFirst().contains { Self.declarations.contains($0) }
        #expect(!isPublic, "\(file):\(number): `package` is the widest access")
        for (word, instead) in bans where text.contains(word) {
          Issue.record("\(file):\(number): `\(word)`: \(instead)")
        }
      }
    }
  }

  private static let declarations: Set<Substring> = [
    "func", "var", "let", "struct", "class", "enum", "actor", "protocol", "typealias", "import", "extension",
    "static",
    "final", "init",
  ]

  /// Functions with their length in lines, found by indentation, which the formatter guarantees.
  private func functions(in file: SourceFile) -> [(String, Int)] {
    var found: [(String, Int)] = []
    for (start, line) in file.lines.enumerated() {
      let indent = line.prefix { $0 == " " }
      let words = line.split(separator: " ").map(String.init)
      guard words.contains(where: { $0 == "func" || $0.hasPrefix("init(") }), !line.hasSuffix("}"),
        !words.contains(where: { $0.hasPrefix("//") })
      else { continue }
      let closing = indent + "}"
      guard
        let end = file.lines[(start + 1)...].firstIndex(where: {
          $0 == closing || $0.isEmpty == false && !$0.hasPrefix(indent)
        })
      else { continue }
      if file.lines[end] == closing {
        found.append((line.trimmingCharacters(in: .whitespaces), end - start + 1))
      }
    }
    return found
  }
}
