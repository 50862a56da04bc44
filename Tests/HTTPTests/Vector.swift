// Reads the vector files: an input, byte for byte, and what must come of it.

import Foundation
import Testing

struct Vector: CustomTestStringConvertible {
  let name: String
  let input: [UInt8]
  let expectation: String
  let isReplyToHEAD: Bool

  var testDescription: String { name }

  /// The vectors of a file beside this one. An unreadable file gives one vector that fails.
  static func read(_ file: String) -> [Vector] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Vectors")
    guard let text = try? String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8) else {
      return [Vector(name: "\(file) is missing", input: [], expectation: "", isReplyToHEAD: false)]
    }
    return text.components(separatedBy: "\n\n").filter { $0.contains("# ") }.map(Vector.init)
  }

  private init(name: String, input: [UInt8], expectation: String, isReplyToHEAD: Bool) {
    self.name = name
    self.input = input
    self.expectation = expectation
    self.isReplyToHEAD = isReplyToHEAD
  }

  private init(block: String) {
    let lines = block.components(separatedBy: "\n")
    func content(_ mark: String) -> String {
      lines.filter { $0.hasPrefix(mark + " ") }.map { String($0.dropFirst(2)) }.joined()
    }
    self.init(
      name: content("#"), input: Self.unescape(content(">")), expectation: content("="),
      isReplyToHEAD: content("!") == "HEAD")
  }

  /// The words of an accepting expectation: what to compare with what.
  var facts: [(key: String, value: String)] {
    expectation.split(separator: " ").map { word in
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let value = parts.count > 1 ? String(decoding: Self.unescape(String(parts[1])), as: UTF8.self) : ""
      return (String(parts[0]), value)
    }
  }

  /// The status and the words of a refusing one.
  var refusal: (status: UInt16, words: String) {
    let parts = expectation.split(separator: " ", maxSplits: 1).map(String.init)
    return (UInt16(parts.first ?? "") ?? 0, parts.count > 1 ? parts[1] : "?")
  }

  static func unescape(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), let escape = rest.popFirst() else {
        bytes.append(byte)
        continue
      }
      switch escape {
      case UInt8(ascii: "r"): bytes.append(13)
      case UInt8(ascii: "n"): bytes.append(10)
      case UInt8(ascii: "t"): bytes.append(9)
      case UInt8(ascii: "0"): bytes.append(0)
      case UInt8(ascii: "x"):
        bytes.append(UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) ?? 0)
        rest = rest.dropFirst(2)
      default: bytes.append(escape)
      }
    }
    return bytes
  }
}
