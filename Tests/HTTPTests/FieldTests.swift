// Field names, values and sections.

import Testing

@testable import HTTP

struct FieldTests {
  @Test func `every known name is found in any case, and by nothing else`() {
    for name in FieldName.allCases {
      let spelling = name.description
      for text in [spelling, spelling.lowercased(), spelling.uppercased()] {
        #expect(FieldNameTable.shared.find(Array(text.utf8).span) == name)
      }
      for text in [spelling + "x", String(spelling.dropLast()), spelling.replacing("-", with: "_") + ""] {
        #expect(FieldNameTable.shared.find(Array(text.utf8).span) != name || text == spelling)
      }
    }
  }

  @Test func `a name that differs in one byte is another name`() {
    for name in FieldName.allCases {
      let spelling = Array(name.description.utf8)
      for place in spelling.indices {
        for bit in 0..<8 where bit != 5 {
          var other = spelling
          other[place] ^= 1 << UInt8(bit)
          #expect(FieldNameTable.shared.find(other.span) != name)
        }
        // Bit 5 is the case of a letter, and makes something else of everything that is none.
        var other = spelling
        other[place] ^= 0x20
        let isLetter = (spelling[place] | 0x20) &- 0x61 < 26
        #expect((FieldNameTable.shared.find(other.span) == name) == isLetter)
      }
    }
  }

  @Test(arguments: ["a\r\nb", "a\nb", "a\rb", "a\0b", "\u{7F}", "\u{1B}[0m", " a", "a ", "\ta", "a\t"])
  func `a value that could split a line cannot be made`(_ text: String) {
    #expect(FieldValue(text) == nil)
  }

  @Test(arguments: ["", "a", "a b", "a\tb", "é", "\"q\"", "a: b"])
  func `any other text is a value`(_ text: String) {
    #expect(FieldValue(text)?.text == text)
  }

  @Test func `a value prints its length alone`() throws {
    let value = try #require(FieldValue("secret"))
    var dumped = ""
    dump(value, to: &dumped)
    for text in ["\(value)", String(reflecting: value), dumped, "\([value])", "\(Optional(value) as Any)"] {
      #expect(!text.contains("secret"), "\(text)")
      #expect(!text.contains("115, 101"), "\(text)")
    }
  }

  @Test func `a head prints neither its query nor its values`() throws {
    let input = Array("GET /a?token=secret HTTP/1.1\r\nHost: a\r\nX-Consul-Token: secret\r\n\r\n".utf8)
    var parser = RequestParser()
    let head = try #require(try parser.parse(input.span))
    var dumped = ""
    dump(head, to: &dumped)
    for text in [
      "\(head)", String(reflecting: head), dumped, "\(head.fields)", String(reflecting: head.fields),
    ] {
      #expect(!text.contains("secret") && !text.contains("115, 101"), "\(text)")
    }
    #expect("\(head)" == "GET '/a' HTTP/1.1")
  }

  @Test(arguments: [("0", 0), ("145", 145), ("18446744073709551615", UInt64.max)] as [(String, UInt64)])
  func `a number is read`(_ text: String, _ number: UInt64) {
    #expect(FieldValue(text)?.number == number)
    #expect(FieldValue(number).text == text)
  }

  @Test(arguments: ["", "-1", "+1", "1 ", "1.0", "0x1", "18446744073709551616", "99999999999999999999999"])
  func `what is no plain number is none`(_ text: String) {
    #expect((FieldValue(text) ?? FieldValue(0)).number == (FieldValue(text) == nil ? 0 : nil))
  }

  @Test func `hop-by-hop fields are the listed ones and those that Connection names`() throws {
    let input = "GET / HTTP/1.1\r\nHost: a\r\nConnection: x, User-Agent ,\r\nConnection: accept\r\n\r\n"
    var parser = RequestParser()
    let fields = try #require(try parser.parse(Array(input.utf8).span)).fields
    for name in [
      FieldName.connection, .keepAlive, .te, .trailer, .transferEncoding, .upgrade, .proxyConnection,
    ] {
      #expect(fields.isHopByHop(name))
    }
    #expect(fields.isHopByHop(.userAgent))
    #expect(fields.isHopByHop(.accept))
    #expect(!fields.isHopByHop(.acceptEncoding))
    #expect(!fields.isHopByHop(.xConsulToken))
  }

  @Test func `repeated fields are counted and the first is given`() throws {
    let input = "GET / HTTP/1.1\r\nHost: a\r\nX-Consul-Token: 1\r\nx-consul-token: 2\r\n\r\n"
    var parser = RequestParser()
    let fields = try #require(try parser.parse(Array(input.utf8).span)).fields
    #expect(fields.occurrences(of: .xConsulToken) == 2)
    #expect(fields[.xConsulToken]?.text == "1")
    var values: [String] = []
    fields.forEach(.xConsulToken) { values.append($0.text) }
    #expect(values == ["1", "2"])
    #expect(fields.occurrences(of: .authorization) == 0 && fields[.authorization] == nil)
  }

  @Test func `input is quoted printable and short`() {
    #expect(Quotation.quote(Array("a'b\\c\u{1B}é".utf8).span) == "'a\\x27b\\x5cc\\x1b\\xc3\\xa9'")
    for excess in [-1, 0, 1] {
      let quoted = Quotation.quote([UInt8](repeating: 0x61, count: Quotation.longestBytes + excess).span)
      #expect(quoted.hasSuffix("…'") == (excess > 0))
    }
  }
}
