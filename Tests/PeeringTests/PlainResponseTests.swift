// What is told without parsing is told as the parser would, or left to it.

import Bytes
import JSON
import Testing

@testable import Peering

@Suite struct PlainReplyTests {
  private func isAbout(_ name: String, _ text: String) throws -> Bool {
    let peer = PeerName(Array(name.utf8).span)
    return PlainResponse.isAbout(try #require(peer), Array(text.utf8).span)
  }

  @Test(arguments: [
    #"{"ID":"1","Name":"hub","Meta":null,"Remote":{"Partition":"","Name":"x"},"Names":[{"Name":"y"}]}"#,
    #"{"Name":"hub"}"#, "{\"Name\":\"hub\"}\n", #"{"a":"}","Name":"hub","b":"{"}"#,
  ])
  func `Consul's own form`(text: String) throws { #expect(try isAbout("hub", text)) }

  @Test(arguments: [
    "", "{", "{}", "null", "[]", #"{"Name":"hub"#, #"{"Name":"hub""#, #"{"Name":"hub"}x"#,
    #"{"Name":"hub"}{}"#,
    #"{"Name":"hubs"}"#, #"{"Name":"hu"}"#, #"{"Name":"HUB"}"#, #"{"name":"hub"}"#, #"{"NAME":"hub"}"#,
    #"{"Name":"hub","Name":"hub"}"#, #"{"Name":"hub","nAme":"x"}"#, #"{"Name":"hub","Partition":""}"#,
    #"{"PARTITION":"eu","Name":"hub"}"#, #"{"Name" :"hub"}"#, #"{"Name":"h\u0075b"}"#,
    #"{"N\u0061me":"x","Name":"hub"}"#, #"{"Name":["hub"]}"#, #"{"a":{"Name":"hub"}}"#, #"[{"Name":"hub"}]"#,
    #"{"Name":"hub"]"#, #"{"Name":"hub","a":[}]"#, #"{"Name":"hub","a":[{]}}"#, #"{"Name":"hub"}]"#,
    #"{"Name":"hub","a":"# + String(repeating: "[", count: 70) + String(repeating: "]", count: 70) + "}",
    #"{"x":"Name","Name":"hub"}"#, #" {"Name":"hub"}"#,
  ])
  func `all else is the parser's`(text: String) throws { #expect(try !isAbout("hub", text)) }

  /// A text that is changed at random and still plain is one that the parser takes, too, with that one name.
  @Test func `nothing is plain that the parser reads as somebody else's`() throws {
    let whole = Array(
      #"{"ID":"1","Name":"hub","Meta":{"Name":"x"},"State":"ACTIVE","Remote":{"Partition":"","Locality":null}}"#
        .utf8)
    let bytes = Array("{}[]\":,\\nameNAMEpartitionhub \u{0}".utf8)
    var generator = SystemRandomNumberGenerator()
    let name = PeerName(Array("hub".utf8).span)
    let peer = try #require(name)
    for _ in 0..<20_000 {
      var text = whole
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let place = Int.random(in: 0..<text.count, using: &generator)
        switch Int.random(in: 0...2, using: &generator) {
        case 0: text[place] = bytes[Int.random(in: 0..<bytes.count, using: &generator)]
        case 1: text.insert(bytes[Int.random(in: 0..<bytes.count, using: &generator)], at: place)
        default: text.remove(at: place)
        }
      }
      guard PlainResponse.isAbout(peer, text.span), let document = try? Document.parse(text.span) else {
        continue
      }
      let names = (document.object ?? []).filter { $0.name.lowercasedASCII == "name" }
      #expect(names.count == 1 && names[0].node.text == "hub", "\(String(decoding: text, as: UTF8.self))")
      #expect(!(document.object ?? []).contains { $0.name.lowercasedASCII == "partition" })
    }
  }
}
