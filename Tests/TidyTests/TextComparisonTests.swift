// Texts from outside are compared as bytes, everywhere in the sources.

import Foundation
import Testing

@Suite struct TextComparisonTests {
  /// Each with the reason why no text from outside is compared there.
  private static let allowed: [(file: String, spelling: String, reason: String)] = [
    ("Sources/Peering/PeerName.swift", ".hasPrefix(", "of a Span: PeerName holds bytes and no String")
  ]

  @Test func `no text is compared, hashed, searched or folded as Swift's strings are`() {
    for file in SourceTree.sources where file.layer != "Bytes" {
      for fault in TextComparison.faults(in: file.lines) {
        let isAllowed = Self.allowed.contains {
          file.path == $0.file && ($0.spelling.isEmpty || fault.spelling.contains($0.spelling))
        }
        #expect(isAllowed, "\(file):\(fault.line): `\(fault.spelling)`: \(fault.instead)")
      }
    }
  }

  @Test func `every exception is still one`() {
    for exception in Self.allowed {
      let file = SourceTree.sources.first { $0.path == exception.file }
      let faults = file.map { TextComparison.faults(in: $0.lines) } ?? []
      #expect(
        faults.contains { exception.spelling.isEmpty || $0.spelling.contains(exception.spelling) },
        "\(exception.file): \(exception.spelling) is gone: take it from the list")
    }
  }

  @Test(arguments: [
    "var known: [String: Int] = [:]", "let seen: Set<String> = []", "let byLetter: [Character: Int] = [:]",
    "if name.lowercased() == other {", "let name = text.string.uppercased()", #"if text.contains("*") {"#,
    #"let parts = text.split(separator: ".")"#, #"guard let colon = text.lastIndex(of: ":") else {"#,
    #"if text.starts(with: "a") {"#, #"if text.first == "a" {"#, "if one.string == other.string {",
    #"if peer.string.hasPrefix("a") {"#, "let place = places[name.string]",
    "return one.string < other.string",
    #"let plain = text.replacing("a", with: "b")"#, #"guard let mark = text.firstRange(of: "://") else {"#,
  ])
  func `such a line is found wherever it stands`(line: String) {
    #expect(!TextComparison.faults(in: [line]).isEmpty)
    #expect(!TextComparison.faults(in: ["import Bytes", line]).isEmpty)
  }

  @Test(arguments: [
    #"if name == "a" {"#, #"guard "a" != name else {"#, #"    case "a": return"#,
    #"    case "a", "b": return"#,
    #"if text.hasPrefix("a") {"#, "if text.hasSuffix(ending) {",
  ])
  func `what may be about a ByteString needs its module`(line: String) {
    #expect(!TextComparison.faults(in: [line]).isEmpty)
    #expect(TextComparison.faults(in: ["import Bytes", line]).isEmpty)
  }

  @Test(arguments: [
    #"if name == "a" {"#, "return other == name", "if name.hasPrefix(other) {", "if name.contains(word) {",
    "switch name {", "if known.contains(name) {", "if name != other {", "if self.name == other {",
    "let initial = name.first",
  ])
  func `what the file declares as a String is not compared`(line: String) {
    for declaration in ["func f(_ name: String) {", "  let name: String", "  var name: String?"] {
      #expect(!TextComparison.faults(in: ["import Bytes", declaration, line]).isEmpty, "\(declaration)")
    }
    #expect(TextComparison.faults(in: ["import Bytes", "let name: ByteString", line]).isEmpty)
  }

  @Test(arguments: [
    #"let name = text?.value.string ?? """#, "let name = text.string", #"var name = """#,
    "let name = String(text)",
    "let name = kind.rawValue",
  ])
  func `what begins as a String is one, though its type is not written`(declaration: String) {
    for line in [
      "if name == other {", #"if name.hasSuffix(".") {"#, "switch name {", "if known.contains(name) {",
    ] {
      #expect(!TextComparison.faults(in: ["import Bytes", declaration, line]).isEmpty, "\(line)")
    }
  }

  @Test(arguments: [
    "let name = text.value", "let name = ByteString(text)", "let name = text.string.utf8",
    #"let name: ByteString = """#,
    "let name = String(text).utf8", "let name = names.count",
  ])
  func `what begins as something else is none`(declaration: String) {
    #expect(TextComparison.faults(in: ["import Bytes", declaration, "if name == other {"]).isEmpty)
  }

  @Test func `an enumeration is made of a text by its bytes`() {
    #expect(
      !TextComparison.faults(in: ["import Bytes", "let known = Kind(rawValue: text.value.string)"]).isEmpty)
    #expect(
      !TextComparison.faults(in: ["import Bytes", "func f(_ t: String) {", "_ = Kind(rawValue: t)"]).isEmpty)
    #expect(!TextComparison.faults(in: ["import Bytes", "switch text?.string {"]).isEmpty)
    #expect(TextComparison.faults(in: ["import Bytes", "let known = Kind(rawValue: number)"]).isEmpty)
  }

  @Test(arguments: [
    #"// if name.lowercased() == "a""#, #"let advice = "write [String: Int] and .lowercased()""#,
    "if name == nil {", "if name.utf8.elementsEqual(other.utf8) {", #"let name = name ?? "a""#,
    #"if text.utf8.starts(with: "a".utf8) {"#, "let known: [ByteString: String] = [:]", "return name.isEmpty",
    "let place = text.utf8.split(separator: UInt8(ascii: \".\"))", "let key = text.lowercasedASCII",
  ])
  func `what compares no text is no fault`(line: String) {
    #expect(TextComparison.faults(in: ["import Bytes", "func f(_ name: String) {", line]).isEmpty)
  }

  @Test func `the order of texts is that of bytes`() {
    let line = "for name in names.sorted() {"
    #expect(TextComparison.faults(in: ["let names: [String]", line]).count == 1)
    #expect(TextComparison.faults(in: ["import Bytes", "let names: [ByteString]", line]).isEmpty)
  }
}
