// The tree as the tidy rules read it.

import Foundation

struct SourceFile: CustomStringConvertible {
  let path: String
  let lines: [String]

  var description: String { path }
  var layer: String { path.split(separator: "/").dropFirst().first.map(String.init) ?? "" }

  /// Lines without what follows `//`, so that a comment may name what code may not.
  var code: [(number: Int, text: String)] {
    lines.enumerated().map { number, line in
      (number + 1, line.range(of: "//").map { String(line[..<$0.lowerBound]) } ?? line)
    }
  }

  var imports: [String] {
    code.compactMap { _, text in
      let words = text.split(separator: " ")
      guard let position = words.firstIndex(of: "import"), words.index(after: position) < words.endIndex,
        words[..<position].allSatisfy({
          ["package", "internal", "private", "fileprivate", "public"].contains($0) || $0.hasPrefix("@")
        })
      else { return nil }
      return String(words[position + 1])
    }
  }
}

enum SourceTree {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static func files(under folder: String, suffix: String = ".swift") -> [SourceFile] {
    guard let walk = FileManager.default.enumerator(atPath: root.appendingPathComponent(folder).path) else {
      return []
    }
    return walk.compactMap { $0 as? String }.filter { $0.hasSuffix(suffix) }.sorted().compactMap { name in
      let path = "\(folder)/\(name)"
      guard let text = try? String(contentsOf: root.appendingPathComponent(path), encoding: .utf8) else {
        return nil
      }
      return SourceFile(path: path, lines: text.components(separatedBy: "\n"))
    }
  }

  static let sources = files(under: "Sources")
  static let tests = files(under: "Tests")
}
