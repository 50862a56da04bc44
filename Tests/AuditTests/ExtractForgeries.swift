// Ways to change an extract without the key.
import Digests
import Testing

@testable import Audit

struct ExtractForgery: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let forge: @Sendable (inout ExtractedLog) throws -> Void

  init(_ name: String, _ forge: @escaping @Sendable (inout ExtractedLog) throws -> Void) {
    testDescription = name
    self.forge = forge
  }

  static let all: [ExtractForgery] = records + digests + signatures + forms

  private static let records = [
    ExtractForgery("a status is edited") { $0.replace(try $0.index("request-500"), "\"200\"", "\"403\"") },
    ExtractForgery("a status is edited, and the link of the line that follows made anew") {
      let index = try $0.index("request-99\"")
      $0.replace(index, "\"200\"", "\"403\"")
      let link = try link(behind: $0.lines[index]).hexadecimal
      $0.lines[index + 1] = $0.lines[index + 1].dropLast(66) + link + "\"}"
    },
    ExtractForgery("a link is another") {
      let index = try $0.index("request-99\"")
      $0.lines[index] = $0.lines[index].dropLast(66) + String(repeating: "a", count: 64) + "\"}"
    },
    ExtractForgery("the last line that matches is edited") {
      $0.replace(try $0.index("other-3"), "\"hub\"", "\"hob\"")
    },
    ExtractForgery("a number is another") {
      $0.replace(try $0.index("request-500"), "\"seq\":502,", "\"seq\":503,")
    },
    ExtractForgery("a line is removed") { $0.lines.remove(at: try $0.index("request-500")) },
    ExtractForgery("a line is put in twice") {
      let index = try $0.index("request-500")
      $0.lines.insert($0.lines[index], at: index)
    },
    ExtractForgery("a line is made up and put in") {
      let index = try $0.index("request-500")
      $0.lines.insert($0.lines[index].replacing("request-500", with: "request-x"), at: index + 1)
    },
    ExtractForgery("a line is made up, numbered and linked, and put in behind the last signature") {
      let (last, index) = ($0.lines[$0.lines.count - 1], try $0.index("request-500"))
      let number = try #require(try object(last)["seq"] as? Int) + 1
      let made = $0.lines[index].replacing("\"seq\":502", with: "\"seq\":\(number)")
      $0.lines.append(made.dropLast(66) + (try link(behind: last).hexadecimal) + "\"}")
    },
    ExtractForgery("two lines are swapped") {
      let index = try $0.index("request-99\"")
      $0.lines.swapAt(index, index + 1)
    },
    ExtractForgery("the order of all is turned") {
      $0.lines = [$0.lines[0]] + $0.lines.dropFirst().reversed()
    },
    ExtractForgery("a line of another log of the same length is in its place") {
      let other = try ExtractedLog.make()
      $0.lines[try $0.index("request-500")] = other.lines[try other.index("request-500")]
    },
    ExtractForgery("a line is unreadable") { $0.lines[try $0.index("request-500")] = "nothing to see here" },
    ExtractForgery("an empty line is put in") { $0.lines.insert("", at: 3) },
    ExtractForgery("a line of five MiB is put in") {
      $0.lines.insert(String(repeating: "x", count: 5 << 20), at: 3)
    },
  ]

  private static let digests = [
    ExtractForgery("a digest is another") {
      let index = try $0.index("\"digests\"")
      let digits = try #require($0.lines[index].firstRange(of: "\"digests\":\"")).upperBound
      let first = $0.lines[index][digits] == "A" ? "B" : "A"
      $0.lines[index].replaceSubrange(digits...digits, with: first)
    },
    ExtractForgery("a run of digests is removed") { $0.lines.remove(at: try $0.index("\"digests\"")) },
    ExtractForgery("a run of digests is put in twice") {
      let index = try $0.index("\"digests\"")
      $0.lines.insert($0.lines[index], at: index)
    },
    ExtractForgery("digests are taken away, as if nothing were needed there") {
      let index = try $0.index("\"digests\"")
      $0.lines[index] = $0.lines[index].replacing(/,"digests":"[^"]*"/, with: "")
    },
    ExtractForgery("the digests of two runs are exchanged") {
      let indexes = $0.lines.indices.filter { [lines = $0.lines] in lines[$0].contains("\"digests\"") }
      $0.lines.swapAt(indexes[0], indexes[1])
    },
    ExtractForgery("one digest is left out, and the numbers fit") {
      let index = try $0.index("\"digests\"")
      $0.lines[index] = try Self.shortened($0.lines[index])
    },
    ExtractForgery("one number is left out, and all digests are there") {
      let index = try $0.index("\"digests\"")
      let last = try #require($0.lines[index].firstMatch(of: /"last":(\d+)/))
      let number = try #require(Int(last.1)) - 1
      $0.lines[index] = $0.lines[index].replacing(last.0, with: "\"last\":\(number)")
    },
    ExtractForgery("a digest stands in place of a line that was made up") {
      let index = try $0.index("request-500")
      let made = $0.lines[index].replacing("request-500", with: "request-x")
      $0.lines[index] = try ExtractedLog.leftOut(made)
    },
    ExtractForgery("the first lines are said to be others") {
      $0.replace(1, "\"first\":1,\"last\":100", "\"first\":1,\"last\":99")
    },
    ExtractForgery("digests stand before the first line") {
      $0.lines[1] = try ExtractedLog.leftOut(
        #"{"created_at":"2026-01-02T03:04:05.678901Z","event_type":"gate-drain","payload":{},"seq":100,"previous":""#
          + String(repeating: "0", count: 64) + "\"}")
    },
    ExtractForgery("numbers run over") {
      $0.lines[1] = "{\"left_out\":{\"first\":1,\"last\":18446744073709551615}}"
    },
    ExtractForgery("numbers run backwards") { $0.lines[1] = "{\"left_out\":{\"first\":100,\"last\":1}}" },
  ]

  private static let signatures = [
    ExtractForgery("the end is cut off, so that no signature follows") { $0.lines.removeLast() },
    ExtractForgery("all signatures are taken away") {
      $0.lines.removeAll { $0.contains("\"event_type\":\"audit-") }
    },
    ExtractForgery("a digest stands in place of the last signature") {
      $0.lines[$0.lines.count - 1] = try ExtractedLog.leftOut($0.lines[$0.lines.count - 1])
    },
    ExtractForgery("a digest stands in place of each signature") {
      $0.lines = try $0.lines.map {
        $0.contains("\"event_type\":\"audit-") ? try ExtractedLog.leftOut($0) : $0
      }
    },
    ExtractForgery("all is signed with another key") {
      let other = try ExtractedLog.make()
      $0.lines = other.lines
    },
    ExtractForgery("a signature is another record's") {
      let first = $0.lines[try $0.index("audit-checkpoint")].firstMatch(of: /"signature":"[^"]*"/)
      let last = $0.lines.count - 1
      $0.lines[last] = $0.lines[last].replacing(/"signature":"[^"]*"/, with: first?.output ?? "")
    },
    ExtractForgery("a signature is left out") {
      let last = $0.lines.count - 1
      $0.lines[last] = $0.lines[last].replacing(/,"signature":"[^"]*"/, with: "")
    },
    ExtractForgery("a signature vouches from another number") {
      let last = $0.lines.count - 1
      $0.lines[last] = $0.lines[last].replacing(/"from":\d+/, with: "\"from\":1")
    },
    ExtractForgery("the last record is of another kind") {
      $0.replace($0.lines.count - 1, "\"audit-close\"", "\"audit-checkpoint\"")
      $0.replace($0.lines.count - 1, "\"cause\":\"stop\",", "")
    },
    ExtractForgery("the cause of the last record is another") {
      $0.replace($0.lines.count - 1, "\"stop\"", "\"soup\"")
    },
    ExtractForgery("digests stand behind the last signature") {
      let last = $0.lines[$0.lines.count - 1]
      let number = try #require(try object(last)["seq"] as? Int)
      $0.lines.append(
        try ExtractedLog.leftOut(last).replacing(":\(number),", with: ":\(number + 1),"))
    },
  ]

  private static let forms = [
    ExtractForgery("a second extract is put behind") { $0.lines += $0.lines },
    ExtractForgery("a blank stands in a line that stands for others") { $0.replace(1, "\":{", "\": {") },
    ExtractForgery("a field is added to such a line") { $0.replace(1, "}}", ",\"note\":\"x\"}}") },
    ExtractForgery("a number has a leading zero") { $0.replace(1, "\"first\":1,", "\"first\":01,") },
    ExtractForgery("a blank stands in a record") {
      $0.replace(try $0.index("request-500"), "\"version\":", "\"version\": ")
    },
    ExtractForgery("a field is there twice") {
      $0.replace(try $0.index("request-500"), "{\"status\":", "{\"status\":\"403\",\"status\":")
    },
    ExtractForgery("a blank hides a signature") {
      $0.replace($0.lines.count - 1, "\"event_type\":\"", "\"event_type\": \"")
    },
    ExtractForgery("a carriage return stands before each newline but the first") {
      $0.lines = [$0.lines[0]] + $0.lines.dropFirst().map { $0 + "\r" }
    },
  ]

  /// Without its last digest and number.
  private static func shortened(_ line: String) throws -> String {
    let parts = try #require(line.firstMatch(of: /"first":(\d+),"last":(\d+),"digests":"([^"]*)"/))
    let digits = Array(parts.3.utf8)
    let bytes = try Base64.decode(digits.span).dropLast(32)
    let (first, last) = (parts.1, try #require(Int(parts.2)) - 1)
    let text = Base64.encode(Array(bytes).span)
    return "{\"left_out\":{\"first\":\(first),\"last\":\(last),\"digests\":\"\(text)\"}}"
  }
}
