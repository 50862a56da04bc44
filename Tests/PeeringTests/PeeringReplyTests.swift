// A reply about one peering is about the one that was asked for.

import Testing

@testable import Peering

@Suite struct PeeringReplyTests {
  private func check(_ body: String, _ method: String = "GET", partition: String = "") throws {
    let query = partition.isEmpty ? "" : "?partition=\(partition)"
    let request = try request("\(method) /v1/peering/hub\(query)")
    try PeeringReply.check(Array(body.utf8).span, to: request)
  }

  @Test(arguments: [
    #"{"Name":"hub"}"#, #"{"Name":"HUB","Partition":""}"#, #" { "ID" : "1" , "Name" : "Hub" } "#,
    #"{"Name":"hub","Remote":{"Name":"other","Partition":"eu"},"Meta":{"Name":"other"}}"#, "{}", "{ }", "",
    "null",
    "hello", "[]", "1",
  ])
  func `what is about the one or about none may be shown`(body: String) throws { try check(body) }

  @Test(
    arguments: [
      (#"{"Name":"other"}"#, PeeringReplyFault.otherName), (#"{"Name":"hub2"}"#, .otherName),
      (#"{"Name":"hu"}"#, .otherName), (#"{"Name":""}"#, .otherName), (#"{"Name":" hub"}"#, .otherName),
      (#"{"Name":"h\u0075b"}"#, .otherName), (#"{"Name":"hub","Name":"other"}"#, .otherName),
      (#"{"Name":"hub","name":"other"}"#, .otherName), (#"{"name":"hub"}"#, .otherName),
      (#"{"N\u0061me":"other"}"#, .otherName), (#"{"Name":null}"#, .otherName),
      (#"{"Name":["hub"]}"#, .otherName),
      (#"{"ID":"1"}"#, .noName), (#"{"PeeringToken":"secret"}"#, .noName),
      (#"[{"Name":"hub"}]"#, .noObject), (#"[[{}]]"#, .noObject), (#""{\"Name\":\"other\"}""#, .noObject),
      (#"{"Name":"hub","Partition":"eu"}"#, .otherPartition),
      (#"{"Name":"hub","Partition":null}"#, .otherPartition),
      (#"{"Name":"hub","Partition":"","partition":"eu"}"#, .otherPartition),
    ] as [(String, PeeringReplyFault)])
  func `what is about another is not`(_ body: String, _ fault: PeeringReplyFault) {
    #expect(throws: fault) { try check(body) }
  }

  @Test(arguments: [
    #"{"Name":"hub"}{"Name":"other"}"#, #"{"Name":"hub"},"#, #"{"Name":"hub""#, #"x{"Name":"other"}"#, "{",
    #"{"Name":"hub"}[{"Name":"other"}]"#,
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
