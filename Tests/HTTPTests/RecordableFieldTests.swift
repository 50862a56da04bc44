// Fields that may be recorded, and those that may not.
import Testing

@testable import HTTP

@Suite struct RecordableFieldTests {
  private func fields(_ lines: String) throws -> Fields {
    var parser = RequestParser()
    return try #require(try parser.parse(Array("GET / HTTP/1.1\r\nHost: h\r\n\(lines)\r\n".utf8).span)).fields
  }

  private func value(_ name: String, in lines: String) throws -> String? {
    try fields(lines)[RecordableField(name)].map { String(decoding: $0, as: UTF8.self) }
  }

  @Test(arguments: [
    "X-Consul-Token", "x-consul-token", "X-CONSUL-TOKEN", "Authorization", "authorization", "Cookie",
    "Proxy-Authorization", "PROXY-authorization", "Set-Cookie",
  ])
  func `a field that carries a credential cannot be asked for`(name: String) {
    #expect(throws: RecordableField.Fault.credential) { try RecordableField(name) }
  }

  @Test(arguments: ["", "a b", "a:", "X-Ü", "a\r\nb", "(a)", String(repeating: "a", count: 65)])
  func `what is no name cannot be asked for`(name: String) {
    #expect(throws: RecordableField.Fault.notAName) { try RecordableField(name) }
  }

  @Test func `the longest name can`() throws {
    let name = String(repeating: "a", count: RecordableField.longestBytes)
    #expect(try value(name, in: "\(name): 1\r\n") == "1")
  }

  @Test func `known and unknown ones are found in any letter case`() throws {
    #expect(try value("X-Team", in: "x-TEAM: blue\r\n") == "blue")
    #expect(try value("via", in: "Via: 1.1 a\r\n") == "1.1 a")
    #expect(try value("X-Team", in: "X-Teams: blue\r\nX-Tea: red\r\n") == nil)
    #expect(try value("X-Team", in: "X-Team:\r\n") == "")
  }

  @Test func `several lines are one value, in order`() throws {
    #expect(try value("Via", in: "Via: 1.1 a\r\nX-Other: c\r\nvia: 1.1 b\r\n") == "1.1 a, 1.1 b")
  }

  @Test func `names that sound secret are told apart`() throws {
    #expect(try RecordableField("X-Vault-Token").soundsSecret)
    #expect(try !RecordableField("X-Forwarded-Proto").soundsSecret)
    #expect(try RecordableField("HOST").isAlwaysRecorded && RecordableField("user-agent").isAlwaysRecorded)
  }
}
