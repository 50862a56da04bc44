// Long replies are looked at in turns, and come out as they would in one go.

import JSON
import Testing

@testable import Peering

@Suite struct PeeringTurnsTests {
  private func filled(_ beginning: String, _ piece: String, _ end: String, count: Int) -> [UInt8] {
    Array(beginning.utf8) + Array(repeatElement(Array(piece.utf8), count: count).joined()) + Array(end.utf8)
  }

  private func filter(
    _ reply: [UInt8], _ isVisible: (Span<UInt8>) -> Bool
  ) throws -> (turns: Int, list: PeeringList) {
    var filter = PeeringListFilter(reply)
    var turns = 1
    while true {
      if let list = try filter.advance(isVisible: { name, _ in isVisible(name) }) { return (turns, list) }
      turns += 1
    }
  }

  @Test(arguments: [
    ("[{\"Name\":\"a\"", #","\u0041":1"#, "}]"), ("[{\"Name\":\"a\"}", ",{\"Name\":\"bb\"}", "]"),
  ])
  func `a list of some megabytes takes many turns`(_ beginning: String, _ piece: String, _ end: String) throws
  {
    let reply = filled(beginning, piece, end, count: 300_000)
    let (turns, list) = try filter(reply) { $0.count == 1 }
    #expect(turns >= reply.count / (Limits.scannedBytesPerTurn + 100))
    #expect(list.kept == 1)
  }

  @Test func `what is left is put together in turns, too`() throws {
    let long = String(repeating: "x", count: 900_000)
    let element = "{\"Name\":\"a\",\"x\":\"\(long)\"}"
    let reply = filled("[{\"Name\":\"bb\"}", "," + element, "]", count: 20)
    let scanning = try filter(reply) { _ in true }.turns
    let (turns, list) = try filter(reply) { $0.count == 1 }
    #expect(turns >= scanning + reply.count / (5 << 20))
    #expect(list.kept == 20 && list.removed == 1)
    #expect(list.body == filled("[" + element, "," + element, "]", count: 19))
  }

  @Test func `a list of a thousand usual peerings takes one turn`() throws {
    let element = "{\"ID\":\"1\",\"Name\":\"a\",\"x\":\"\(String(repeating: "x", count: 500))\"}"
    #expect(try filter(filled("[" + element, "," + element, "]", count: 999)) { _ in true }.turns == 1)
  }

  @Test(arguments: [64, 65]) func `a null has little space around it`(_ length: Int) throws {
    let reply = filled("null", " ", "", count: length - 4)
    if length == 64 {
      #expect(try filter(reply) { _ in true }.list.body == reply)
    } else {
      #expect(throws: ListFault.self) { try filter(reply) { _ in true } }
    }
  }

  private func check(_ body: [UInt8], _ method: String = "GET") throws -> Int {
    var check = PeeringReplyCheck(for: try request("\(method) /v1/peering/hub"))
    var turns = 1
    while try !check.advance(over: body.span) { turns += 1 }
    return turns
  }

  @Test func `a long reply about one peering takes many turns`() throws {
    let reply = filled("{\"Name\":\"hub\"", #","\u0041":1"#, "}", count: 300_000)
    #expect(try check(reply) >= reply.count / (Limits.scannedBytesPerTurn + 100))
    let other = filled("{", #""\u0041":1,"#, "\"Name\":\"other\"}", count: 300_000)
    #expect(throws: PeeringReplyFault.otherName) { try check(other) }
  }

  private static let limit = PeeringLimits.shortReplyBytes

  @Test func `an error's text, and the reply to a change, are short enough to be looked at in one go`() throws
  {
    let text = filled("", "a", "", count: Self.limit)
    #expect(PeeringResponse.carriesObjects(text.span) == false)
    #expect(PeeringResponse.carriesObjects((text + [0x61]).span) == nil)
    #expect(try check(text, "DELETE") == 1)
    #expect(throws: PeeringReplyFault.tooLong(limitBytes: Self.limit)) { try check(text + [0x61], "DELETE") }
  }

  @Test func `a token is taken from no longer reply`() throws {
    let beginning = "{\"PeeringToken\":\""
    let token = Self.limit - beginning.utf8.count - 2
    let count = { (reply: [UInt8]) in GeneratedToken.withBytes(in: reply.span) { $0.count } }
    #expect(count(filled(beginning, "a", "\"}", count: token)) == token)
    #expect(count(filled(beginning, "a", "\"}", count: token + 1)) == nil)
  }
}
