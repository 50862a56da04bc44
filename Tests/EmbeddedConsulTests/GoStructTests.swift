// Bodies as Go's decoder reads them.

import Bytes
import Testing

@testable import EmbeddedConsul

@Suite struct GoStructTests {
  private static let shape = GoStruct(
    typeName: "api.PeeringGenerateTokenRequest",
    fields: [
      ("PeerName", .string), ("Partition", .string), ("Meta", .stringMap),
      ("ServerExternalAddresses", .strings),
    ])

  private func decode(_ body: String) throws -> [ByteString: GoStruct.Value] {
    try GoStructTests.shape.decodeFirst(Array(body.utf8))
  }

  private func fault(_ body: [UInt8]) -> String {
    do {
      _ = try GoStructTests.shape.decodeFirst(body)
      return "accepted"
    } catch {
      return error.text
    }
  }

  @Test(arguments: [
    ("{\"PeerName\":\"a\"}", "a"), ("{\"PEERNAME\":\"a\"}", "a"), ("{\"peername\":\"a\"}", "a"),
    ("{\"P\\u0065erName\":\"a\"}", "a"), ("{\"PeerName\":\"\\u0061\"}", "a"),
    (" \t\r\n{\"PeerName\":\"a\"}", "a"),
    ("{\"PeerName\":\"a\"}{\"PeerName\":\"b\"}", "a"), ("{\"PeerName\":\"a\"} garbage", "a"),
    ("{\"PeerName\":\"a\"}\u{0}", "a"), ("{\"PeerName\":\"a\",\"PeerName\":\"b\"}", "b"),
    ("{\"PeerName\":\"a\",\"peername\":\"b\"}", "b"), ("{\"peername\":\"a\",\"PeerName\":\"b\"}", "b"),
    ("{\"PeerName\":\"a\",\"PeerName\":null}", "a"), ("{\"PeerName\":null}", ""), ("{}", ""), ("null", ""),
    ("{\"PeerName\":\"\\u0000\"}", "\u{0}"), ("{\"PeerName\":\"\\ud800\"}", "\u{FFFD}"),
    ("{\"PeerName\":\"\\ud83d\\ude00\"}", "\u{1F600}"), ("{\"PeerName\":\"\\ud83dx\"}", "\u{FFFD}x"),
    ("{\"PeerName\":\"\\ud83d\\u0061\"}", "\u{FFFD}a"),
    ("{\"PeerName\":\"\\b\\f\\n\\r\\t\\/\\\\\\\"\"}", "\u{8}\u{C}\n\r\t/\\\""),
  ])
  func `the last PeerName of the first value counts, whatever its case`(body: String, name: String) throws {
    #expect(try decode(body).string("PeerName") == ByteString(name))
  }

  @Test func `letters that fold to ASCII match as well`() throws {
    #expect(
      try decode("{\"\u{17F}erverExternalAddre\u{17F}\u{17F}es\":[\"x\"]}").strings("ServerExternalAddresses")
        == ["x"])
  }

  @Test func `bytes that are not UTF-8 become one replacement each`() throws {
    let body = Array("{\"PeerName\":\"a".utf8) + [0xE2, 0x82, 0xFF] + Array("\"}".utf8)
    #expect(try GoStructTests.shape.decodeFirst(body).string("PeerName") == "a\u{FFFD}\u{FFFD}\u{FFFD}")
  }

  @Test func `repeated maps are merged, null empties them, and their own keys keep their case`() throws {
    #expect(
      try decode("{\"Meta\":{\"a\":\"1\"},\"meta\":{\"b\":\"2\"}}").stringMap("Meta") == ["a": "1", "b": "2"])
    #expect(try decode("{\"Meta\":{\"a\":\"1\"},\"Meta\":null}").stringMap("Meta") == [:])
    #expect(
      try decode("{\"Meta\":{\"a\":\"1\",\"A\":\"2\",\"a\":\"3\"}}").stringMap("Meta") == [
        "a": "3", "A": "2",
      ])
    #expect(try decode("{\"Meta\":{\"a\":null}}").stringMap("Meta") == ["a": ""])
  }

  @Test func `a repeated list replaces the one before and null is an empty text in it`() throws {
    let body = "{\"ServerExternalAddresses\":[\"a\"],\"ServerExternalAddresses\":[null,\"b\"]}"
    #expect(try decode(body).strings("ServerExternalAddresses") == ["", "b"])
  }

  @Test(arguments: [
    ("", "EOF"), (" \n", "EOF"), ("{", "unexpected EOF"), ("{\"PeerName\":", "unexpected EOF"),
    ("{\"PeerName\":\"a\"", "unexpected EOF"), ("\"a", "unexpected EOF"), ("tru", "unexpected EOF"),
    ("-", "unexpected EOF"), ("1.", "unexpected EOF"), ("\"\\u00", "unexpected EOF"),
    ("abc", "invalid character 'a' looking for beginning of value"),
    ("token=x", "invalid character 'o' in literal true (expecting 'r')"),
    ("nulL", "invalid character 'L' in literal null (expecting 'l')"),
    ("{'a':1}", "invalid character '\\'' looking for beginning of object key string"),
    ("{\"a\" 1}", "invalid character '1' after object key"),
    ("{\"a\":1 2}", "invalid character '2' after object key:value pair"),
    ("{\"a\":1,}", "invalid character '}' looking for beginning of object key string"),
    ("[1 2]", "invalid character '2' after array element"),
    ("[1,]", "invalid character ']' looking for beginning of value"),
    ("\"\n\"", "invalid character '\\n' in string literal"),
    ("\"\\q\"", "invalid character 'q' in string escape code"),
    ("\"\\u00g0\"", "invalid character 'g' in \\u hexadecimal character escape"),
    ("-x", "invalid character 'x' in numeric literal"),
    ("1.x", "invalid character 'x' after decimal point in numeric literal"),
    ("1ex", "invalid character 'x' in exponent of numeric literal"),
    ("\u{FEFF}{}", "invalid character 'ï' looking for beginning of value"),
    ("/*x*/{}", "invalid character '/' looking for beginning of value"),
    ("[]", "json: cannot unmarshal array into Go value of type api.PeeringGenerateTokenRequest"),
    ("\"x\"", "json: cannot unmarshal string into Go value of type api.PeeringGenerateTokenRequest"),
    ("-1.5e+3", "json: cannot unmarshal number into Go value of type api.PeeringGenerateTokenRequest"),
    ("01", "json: cannot unmarshal number into Go value of type api.PeeringGenerateTokenRequest"),
    ("true", "json: cannot unmarshal bool into Go value of type api.PeeringGenerateTokenRequest"),
    (
      "{\"PeerName\":1}",
      "json: cannot unmarshal number into Go struct field PeeringGenerateTokenRequest.PeerName of type string"
    ),
    (
      "{\"PeerName\":{}}",
      "json: cannot unmarshal object into Go struct field PeeringGenerateTokenRequest.PeerName of type string"
    ),
    (
      "{\"Meta\":[]}",
      "json: cannot unmarshal array into Go struct field PeeringGenerateTokenRequest.Meta of type "
        + "map[string]string"
    ),
    (
      "{\"ServerExternalAddresses\":[1]}",
      "json: cannot unmarshal number into Go struct field "
        + "PeeringGenerateTokenRequest.ServerExternalAddresses of type string"
    ),
    ("{\"peer_name\":\"a\"}", "json: unknown field \"peer_name\""), ("{\"\":1}", "json: unknown field \"\""),
  ])
  func `what Go refuses is refused in its words`(body: String, text: String) {
    #expect(fault(Array(body.utf8)) == text)
  }

  @Test func `the first fault in the text is reported, though decoding goes on`() {
    #expect(
      fault(Array("{\"PeerName\":1,\"Bogus\":2}".utf8))
        == "json: cannot unmarshal number into Go struct field PeeringGenerateTokenRequest.PeerName of "
        + "type string"
    )
    #expect(fault(Array("{\"Bogus\":2,\"PeerName\":1}".utf8)) == "json: unknown field \"Bogus\"")
  }

  @Test func `ten thousand levels are read and one more is refused`() {
    func nested(_ depth: Int) -> [UInt8] {
      Array(String(repeating: "[", count: depth).utf8) + Array(String(repeating: "]", count: depth).utf8)
    }
    let atLimit = "json: cannot unmarshal array into Go value of type api.PeeringGenerateTokenRequest"
    #expect(fault(nested(ConsulLimits.jsonDepth - 1)) == atLimit)
    #expect(fault(nested(ConsulLimits.jsonDepth)) == atLimit)
    #expect(fault(nested(ConsulLimits.jsonDepth + 1)) == "invalid character '[' exceeded max depth")
    #expect(
      fault(Array(nested(ConsulLimits.jsonDepth + 1).dropLast()))
        == "invalid character '[' exceeded max depth")
  }

  @Test func `members of any shape that nobody wants are skipped in a whole text`() throws {
    let text = "{\"x\":{\"y\":[1,{\"z\":\"}]\\\"\"}]},\"peername\":\"a\",\"t\":true}"
    #expect(try GoStructTests.shape.decodeWhole(Array(text.utf8)).string("PeerName") == "a")
  }

  @Test(arguments: [
    ("", "unexpected end of JSON input"), ("{", "unexpected end of JSON input"),
    ("{}x", "invalid character 'x' after top-level value"),
    ("{}{}", "invalid character '{' after top-level value"),
  ])
  func `a whole text may not go on after its value`(text: String, message: String) {
    #expect(throws: GoJSONError.self) { try GoStructTests.shape.decodeWhole(Array(text.utf8)) }
    do { _ = try GoStructTests.shape.decodeWhole(Array(text.utf8)) } catch { #expect(error.text == message) }
  }
}
