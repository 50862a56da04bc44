// Which names of a request are taken from its caller.

import Testing

@testable import HTTP

struct RequestIdentifierTests {
  @Test(arguments: [
    "a", "A-z_0.9", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6", String(repeating: "x", count: 128),
  ])
  func `an identifier is valid`(_ text: String) throws {
    #expect(RequestIdentifier.isValid(try #require(FieldValue(text))))
  }

  @Test(arguments: ["", "a b", "a/b", "a:b", "é", "$(id)", "a,b", String(repeating: "x", count: 129)])
  func `an identifier is not valid`(_ text: String) throws {
    #expect(!RequestIdentifier.isValid(try #require(FieldValue(text))))
  }

  private static let valid = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

  @Test func `a traceparent of version 00 is valid`() throws {
    #expect(TraceParent.isValid(try #require(FieldValue(Self.valid))))
  }

  @Test(arguments: [
    "", "00", valid + "-", valid + "-00", String(valid.dropLast()), valid.uppercased(),
    "01" + valid.dropFirst(2), "ff" + valid.dropFirst(2),
    "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
    "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01",
    "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    "00-4bf92f3577b34da6a3ce929d0e0e4736_00f067aa0ba902b7-01",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7_01",
    "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x",
  ])
  func `a traceparent is not valid`(_ text: String) throws {
    #expect(!TraceParent.isValid(try #require(FieldValue(text))))
  }
}
