// A reply about one peering is about the one that was asked for.

import Testing

@testable import Peering

@Suite struct PeeringReplyTests {
  private func check(_ body: String, _ method: String = "GET", partition: String = "") throws {
    let query = partition.isEmpty ? "" : "?partition=\(partition)"
    let request = try request("\(method) /v1/peering/hub\(query)")
    try PeeringResponse.check(Array(body.utf8).span, to: request)
  }

  @Test(arguments: [
    #"{"Name":"hub"}"#, #"{"Name":"HUB","Partition":""}"#, #" { "ID" : "1" , "Name" : "Hub" } "#,
    #"{"Name":"hub","Remote":{"Name":"other","Partition":"eu"},"Meta":{"Name":"other"}}"#, "{}", "{ }", "",
    "null", "[]", "1", "[ 1, 2 ]",
  ])
  func `what is about the one or names nobody may be shown`(body: String) throws { try check(body) }

  @Test(
    arguments: [
      (#"{"Name":"other"}"#, PeeringReplyFault.otherName), (#"{"Name":"hub2"}"#, .otherName),
      (#"{"Name":"hu"}"#, .otherName), (#"{"Name":""}"#, .otherName), (#"{"Name":" hub"}"#, .otherName),
      (#"{"Name":"h\u0075b"}"#, .otherName), (#"{"Name":"hub","Name":"other"}"#, .otherName),
      (#"{"Name":"hub","name":"other"}"#, .otherName), (#"{"name":"hub"}"#, .otherName),
      (#"{"N\u0061me":"other"}"#, .otherName), (#"{"Name":null}"#, .otherName),
      (#"{"Name":["hub"]}"#, .otherName),
      (#"{"ID":"1"}"#, .noName), (#"{"PeeringToken":"secret"}"#, .noName),
      (#"[{"Name":"hub"}]"#, .noObject), (#"["other"]"#, .noObject), (#""other""#, .noObject),
      ("true", .noObject), (#"[[{}]]"#, .noObject), (#""{\"Name\":\"other\"}""#, .noObject),
      (#"{"Name":"hub","Partition":"eu"}"#, .otherPartition),
      (#"{"Name":"hub","Partition":null}"#, .otherPartition),
      (#"{"Name":"hub","Partition":"","partition":"eu"}"#, .otherPartition),
    ] as [(String, PeeringReplyFault)])
  func `what is about another is not`(_ body: String, _ fault: PeeringReplyFault) {
    #expect(throws: fault) { try check(body) }
  }

  @Test(arguments: [
    #"{"Name":"hub"}{"Name":"other"}"#, #"{"Name":"hub"},"#, #"{"Name":"hub""#, #"x{"Name":"other"}"#, "{",
    #"{"Name":"hub"}[{"Name":"other"}]"#, "hello", "other secret", "eyJOYW1lIjoib3RoZXIifQ==", "\u{E9}",
    #"{"Name":"hub"]"#, #"{"Name":"hub","a":[}]"#, #"{"Name":"hub","a":{]}"#,
  ])
  func `nor what cannot be read`(body: String) {
    #expect {
      try check(body)
    } throws: { error in
      if case .malformed? = error as? PeeringReplyFault { true } else { false }
    }
  }

  @Test func `the partition is the one that was asked for`() throws {
    try check(#"{"Name":"hub","Partition":"eu"}"#, partition: "eu")
    try check(#"{"Name":"hub"}"#, partition: "eu")
    try check(#"{"Name":"hub","Partition":"default"}"#)
    #expect(throws: PeeringReplyFault.otherPartition) {
      try check(#"{"Name":"hub","Partition":"default"}"#, partition: "eu")
    }
  }

  private func isSentence(_ text: String) -> Bool { PeeringResponse.isSentence(text.utf8.span) }

  @Test(arguments: [
    "", "Peering not found for \"hub\"", "Your IP is issuing too many connections\n", "a\r\n",
    "Permission denied: token with AccessorID 'baafbead-c973-ac9d-d0e9-7e7af21aef87' lacks permission 'peering:read'",
    "rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: dial tcp: refused\"",
    String(repeating: "a", count: PeeringLimits.sentenceBytes), "\u{E9}",
  ])
  func `Consul's errors are sentences`(text: String) { #expect(isSentence(text)) }

  @Test(arguments: [
    #"["other"]"#, "&{Name:other ID:1}", #"\u007b\u0022Name"#, "{&#34;Name&#34;}", "- Name: other\n  ID: 1\n",
    "%5B%7B%22Name", "a\n b", "<b>", "a\tb", "\u{0}", "a [other]", "other }", "{",
    String(repeating: "a", count: PeeringLimits.sentenceBytes + 1), "a\n\n\n",
  ])
  func `what may be a value in some notation is none`(text: String) {
    #expect(!isSentence(text))
  }

  @Test func `a change is answered by no list and by no other peering`() throws {
    for body in ["", "{}", "true", #"{"PeeringToken":"secret"}"#, #"{"Name":"hub"}"#] {
      try check(body, "DELETE")
    }
    try check(#"done: {"PeerName":"hub"}"#, "DELETE")
    #expect(throws: PeeringReplyFault.self) { try check(#"done [{"Name":"other"}]"#, "DELETE") }
    #expect(throws: PeeringReplyFault.otherName) { try check(#"{"Name":"other"}"#, "DELETE") }
    #expect(throws: PeeringReplyFault.noObject) { try check(#"[{"Name":"other"}]"#, "DELETE") }
  }
}
