// Bytes to lines.
import Foundation
import Testing

@testable import Audit

struct RecordStreamTests {
  private func lines(_ text: String) throws -> [String] {
    let scratch = try Scratch()
    try Data(text.utf8).write(to: URL(fileURLWithPath: scratch.path("log")))
    var found: [String] = []
    var bytes: [UInt8] = []
    try RecordStream.forEachLine(
      of: scratch.path("log"), everyChunk: { chunk in bytes += chunk.indices.map { chunk[$0] } }
    ) { line, length, number in
      #expect(number == found.count + 1)
      let text = String(decoding: line.indices.prefix(9).map { line[$0] }, as: UTF8.self)
      found.append("\(text) \(line.count < length ? "cut of " : "")\(length)")
      return true
    }
    #expect(bytes == Array(text.utf8))
    return found
  }

  @Test func `lines end at newlines, and the last one may lack it`() throws {
    #expect(try lines("one\ntwo\n\nthree") == ["one 3", "two 3", " 0", "three 5"])
    #expect(try lines("") == [])
    #expect(try lines("\n") == [" 0"])
  }

  @Test(arguments: [AuditLimits.readLineBytes, AuditLimits.readBytes, AuditLimits.lineBytes])
  func `lines of every length around a limit are told apart, and what follows is whole`(limit: Int) throws {
    for length in limit - 1...limit + 1 {
      for end in ["\n", "\nnext\n", ""] {
        let found = try lines("first\n" + String(repeating: "x", count: length) + end)
        let cut = length > AuditLimits.readLineBytes ? "cut of " : ""
        // Of what fills the longest line of a log the newline may be counted.
        let isSame =
          found[1] == "xxxxxxxxx \(cut)\(length)"
          || length >= AuditLimits.lineBytes && found[1] == "xxxxxxxxx \(cut)\(length + 1)"
        #expect(found[0] == "first 5" && isSame, "\(found)")
        #expect(found.dropFirst(2) == (end.count > 1 ? ["next 4"] : []), "\(length) \(end)")
      }
    }
  }

  @Test func `reading stops when it is told to`() throws {
    let scratch = try Scratch()
    try Data("a\nb\nc\n".utf8).write(to: URL(fileURLWithPath: scratch.path("log")))
    var count = 0
    try RecordStream.forEachLine(of: scratch.path("log")) { _, _, _ in
      count += 1
      return count < 2
    }
    #expect(count == 2)
  }

  @Test func `a pipe gives its lines in whatever pieces they come`() throws {
    let pipe = Pipe()
    let text = (0..<2_000).map { "line \($0)\n" }.joined()
    let writer = Thread {
      var rest = Data(text.utf8)
      while !rest.isEmpty {
        pipe.fileHandleForWriting.write(rest.prefix(7))
        rest = rest.dropFirst(7)
      }
      try? pipe.fileHandleForWriting.close()
    }
    writer.start()
    var found = ""
    try RecordStream.forEachLine(of: "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)") { line, _, _ in
      found += String(decoding: line.indices.map { line[$0] }, as: UTF8.self) + "\n"
      return true
    }
    #expect(found == text)
  }
}
