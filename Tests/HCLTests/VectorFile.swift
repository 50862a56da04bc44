// Cases kept as text: a title, an input, and what is expected of it.

import Foundation
import Testing

struct VectorFile {
  struct Case: Sendable, CustomTestStringConvertible {
    let title: String
    let input: String
    let expected: String
    var testDescription: String { title }
  }

  /// The cases of `Vectors/<name>`. A case is `=== title`, the input, `---` and the expectation.
  static func cases(_ name: String) -> [Case] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Vectors")
    guard let text = try? String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8) else {
      return []
    }
    return text.components(separatedBy: "=== ").dropFirst().compactMap { piece in
      let title = piece.prefix { $0 != "\n" }
      let halves = String(piece.dropFirst(title.count + 1)).components(separatedBy: "---\n")
      guard halves.count == 2 else { return nil }
      return Case(title: String(title), input: halves[0], expected: halves[1])
    }
  }
}
