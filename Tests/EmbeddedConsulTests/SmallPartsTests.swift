// The parts that are too small for a file of tests each.

import Bytes
import Testing

@testable import EmbeddedConsul

@Suite struct SmallPartsTests {
  @Test(arguments: [
    ("a", "\"a\""), ("\"<b>", "\"\\\"<b>\""), ("\\", "\"\\\\\""), ("\n\u{7}\u{1}", "\"\\n\\a\\x01\""),
    ("é", "\"é\""), ("\u{200B}", "\"\\u200b\""), ("\u{E0001}", "\"\\U000e0001\""), ("\u{7F}", "\"\\x7f\""),
  ])
  func `text is quoted as Go's %q does`(text: String, quoted: String) {
    #expect(goQuoted(ByteString(text)) == quoted)
  }

  @Test func `lower case is Go's where it can reach ASCII`() {
    #expect(goLowercased("PEER-A") == "peer-a")
    #expect(goLowercased("\u{212A}ilo") == "kilo")
    #expect(goLowercased("\u{130}x") == "ix")
    #expect(goLowercased("É") == "É")
  }

  @Test func `pretty JSON has four spaces and keeps strings as they are`() {
    let compact = "{\"a\":[],\"b\":{},\"c\":[1,{\"d\":\"x{[,:\\\"]}\"}],\"e\":null}"
    let pretty = """
      {
          "a": [],
          "b": {},
          "c": [
              1,
              {
                  "d": "x{[,:\\"]}"
              }
          ],
          "e": null
      }
      """
    #expect(String(decoding: Indentation.indented(Array(compact.utf8)), as: UTF8.self) == pretty)
  }

  @Test func `identifiers have Consul's shape, repeat with their seed and differ without`() {
    var one = RandomSource.seeded(7)
    var other = RandomSource.seeded(7)
    var system = RandomSource.system
    let identifier = one.identifier()
    #expect(identifier == other.identifier())
    #expect(identifier != one.identifier())
    #expect(system.identifier() != system.identifier())
    #expect(
      identifier.string.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/) != nil)
    for _ in 0..<1_000 { #expect((0..<1).contains(one.fraction())) }
  }

  @Test func `foreseen identifiers come first`() {
    var chance = RandomSource.seeded(1)
    chance.foreseenIdentifiers = ["a", "b"]
    #expect([chance.identifier(), chance.identifier()] == ["a", "b"])
    #expect(chance.identifier().count == 36)
  }
}
