// Holds the making of requests to the vector files.

import Foundation
import Testing

@testable import HTTP
@testable import Peering

struct Vector: CustomTestStringConvertible {
  var name = ""
  var startLine = ""
  var fields = ""
  var body: [UInt8] = []
  var expectation = ""

  var testDescription: String { name }

  static func read(_ file: String) -> [Vector] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Vectors")
    guard let text = try? String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8) else {
      return [Vector(name: "\(file) is missing")]
    }
    return text.components(separatedBy: "\n\n").filter { $0.contains("# ") }.map { Vector(block: $0) }
  }

  private init(name: String) { self.name = name }

  private init(block: String) {
    for line in block.components(separatedBy: "\n") where line.count > 1 {
      let content = String(line.dropFirst(2))
      switch line.first {
      case "#": name = content
      case ">": startLine = content
      case "h": fields += content + "\n"
      case "b": body = Self.unescape(content)
      case "=": expectation = content
      default: Issue.record("\(line)")
      }
    }
  }

  private static func unescape(_ text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), let escape = rest.popFirst() else {
        bytes.append(byte)
        continue
      }
      switch escape {
      case UInt8(ascii: "n"): bytes.append(10)
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

struct VectorTests {
  @Test(arguments: Vector.read("clients.txt"))
  func `what official clients send is accepted as it is`(_ vector: Vector) throws {
    try accepts(vector)
  }

  @Test(arguments: Vector.read("accepted.txt"))
  func `a request has one form upstream`(_ vector: Vector) throws {
    try accepts(vector)
  }

  @Test(arguments: Vector.read("refused.txt"))
  func `a request is refused`(_ vector: Vector) throws {
    let head = try head(vector.startLine, vector.fields)
    let words = vector.expectation.split(separator: " ", maxSplits: 1).map(String.init)
    do throws(Refusal) {
      let call = try PeeringCall.parse(head, body: vector.body.span)
      Issue.record("accepted as \(call)")
    } catch {
      #expect(error.status.description == words.first, "\(error)")
      #expect(error.description.contains(words.last ?? "?"), "\(error)")
      #expect(!error.description.contains("secret") && !String(reflecting: error).contains("secret"))
      #expect((error.allowed != nil) == (error.status == .methodNotAllowed))
    }
  }

  private func accepts(_ vector: Vector) throws {
    let head = try head(vector.startLine, vector.fields)
    guard case .operation(let request) = try PeeringCall.parse(head, body: vector.body.span) else {
      Issue.record("no operation")
      return
    }
    let sent = [upstream(request), request.upstreamBody().map { String(decoding: $0, as: UTF8.self) }]
    #expect(sent.compactMap(\.self).joined(separator: " ") == vector.expectation)
  }
}
