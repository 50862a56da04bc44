// Every message of the loader, from the vector file.
import Foundation
import Bytes
import HCL
import Testing

@testable import Policy

/// A case of a vector file: what goes in, by file name, and what comes out.
struct VectorCase: Sendable, CustomTestStringConvertible {
  var title: String
  var files: [PolicyFile] = []
  var expected = ""

  var testDescription: String { title }

  static func read(_ name: String) throws -> [VectorCase] {
    let text = try String(contentsOf: url(name), encoding: .utf8)
    var cases: [VectorCase] = []
    var section: String?
    for line in text.components(separatedBy: "\n").dropLast() {
      if line.hasPrefix("== ") {
        cases.append(VectorCase(title: String(line.dropFirst(3))))
        section = nil
      } else if line.hasPrefix("-- ") {
        section = String(line.dropFirst(3))
        if let section, section != "expect" {
          cases[cases.count - 1].files.append(PolicyFile(name: ByteString(section), path: section, bytes: []))
        }
      } else if section == "expect" {
        cases[cases.count - 1].expected += line + "\n"
      } else if section != nil, let file = cases.last?.files.last {
        cases[cases.count - 1].files[cases[cases.count - 1].files.count - 1] = PolicyFile(
          name: file.name, path: file.path, bytes: file.bytes + Array((line + "\n").utf8))
      }
    }
    return cases
  }

  static func url(_ name: String) -> URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Vectors/\(name)")
  }
}

struct LoaderVectors {
  static let now = Timestamp("2026-11-22T12:00:00Z") ?? Timestamp(seconds: 0)

  @Test(arguments: try VectorCase.read("loader.txt"))
  func `the loader reports what the vector says`(vector: VectorCase) {
    let actual = Self.reported(vector)
    #expect(actual == vector.expected.trimmingCharacters(in: .newlines), "\(vector.title):\n\(actual)")
  }

  /// After a message was changed on purpose: writes what is reported now into the file, for the reviewer of
  /// the change to read.
  @Test(.enabled(if: ProcessInfo.processInfo.environment["RECORD_VECTORS"] != nil))
  func `record the vectors anew`() throws {
    var text = try String(contentsOf: VectorCase.url("loader.txt"), encoding: .utf8)
    text = String(text[..<(text.range(of: "\n== ")?.lowerBound ?? text.endIndex)])
    for vector in try VectorCase.read("loader.txt") {
      text += "\n== \(vector.title)\n"
      for file in vector.files { text += "-- \(file.path)\n" + String(decoding: file.bytes, as: UTF8.self) }
      let reported = Self.reported(vector)
      text += "-- expect\n" + (reported.isEmpty ? "" : reported + "\n")
    }
    try text.write(to: VectorCase.url("loader.txt"), atomically: true, encoding: .utf8)
  }

  private static func reported(_ vector: VectorCase) -> String {
    let diagnostics: [Diagnostic]
    do throws(PolicyErrors) {
      diagnostics = try PolicyLoader.load(vector.files, now: now).warnings
    } catch {
      diagnostics = error.diagnostics
      #expect(diagnostics.contains { $0.severity == .error })
    }
    return diagnostics.map(\.rendered).joined(separator: "\n")
  }
}
