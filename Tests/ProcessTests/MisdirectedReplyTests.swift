// A reply that is about something else than what was asked tells nobody anything.

import Support
import Testing

@Suite struct MisdirectedReplyTests {
  private static let read = get("/v1/peering/hub", token: Token.administrator)

  /// Each reply to the request goes to its own client.
  private func expect(_ status: Int, to text: String, after replies: [String], code: String = "200 OK") throws
  {
    let upstream = try RecordingUpstream { received in
      let number = Int(received["x-request-id"] ?? "") ?? 0
      return .bytes(
        "HTTP/1.1 \(code)\r\nContent-Length: \(replies[number].utf8.count)\r\n\r\n\(replies[number])")
    }
    let gate = try GateProcess(upstream: upstream.address)
    for (number, reply) in replies.enumerated() {
      let text = text.replacing(
        "\r\nX-Consul-Token", with: "\r\nX-Request-Id: \(number)\r\nX-Consul-Token", maxReplacements: 1)
      let answer = try gate.request(text)
      #expect(answer.status == status, "\(reply)")
      guard status == 502 else { continue }
      #expect(!answer.body.contains("other"), "\(reply)")
      #expect(try gate.audit().last?.status == "502")
      #expect(try gate.audit().last?.reason?.contains("repl") == true)
    }
    #expect(!gate.log.contains("other"))
    #expect(try !gate.audit().contains { $0.reason?.contains("other-peer") == true })
  }

  private static let others = [
    #"{"Name":"other-peer"}"#, #"[{"Name":"other-peer"}]"#, #"{"Name":"hub","name":"other-peer"}"#,
    #"{"Name":"hub"}{"Name":"other-peer"}"#, #"{"PeeringToken":"other-peer"}"#, #"x{"Name":"other-peer"}"#,
    #"{"Name":"hub","Partition":"other-peer"}"#,
  ]

  /// Nothing of it is known to be JSON, or to be about one.
  private static let shapeless = [
    #"["other-peer"]"#, "other-peer", #""other-peer""#, #"{"Name":"hub" other-peer"#, #"{"Name":"hub"]"#,
  ]

  @Test func `a read that is answered with another peering is 502`() throws {
    try expect(502, to: Self.read, after: Self.others + Self.shapeless)
    for code in ["201 Created", "204 No Content", "206 Partial Content", "304 Not Modified"] {
      try expect(502, to: Self.read, after: [""], code: code)
    }
    try expect(200, to: Self.read, after: [#"{"Name":"hub"}"#, #"{"Name":"HUB"}"#, "{}"])
  }

  @Test(arguments: ["400 Bad Request", "404 Not Found", "500 Internal Server Error", "301 Moved Permanently"])
  func `so is an error with peerings in it, to a read and to a list`(code: String) throws {
    let list = get("/v1/peerings", token: Token.reader)
    let bodies = Self.others + Self.others.map { "Invalid index" + $0 } + Self.others.map { "[1,\($0)]" }
    for text in [Self.read, list] { try expect(502, to: text, after: bodies, code: code) }
    let plain = ["Peering not found for \"other\"", "rpc error: {other}", ""]
    for text in [Self.read, list] {
      try expect(Int(code.prefix(3)) ?? 0, to: text, after: plain, code: code)
    }
  }

  private static let notations = [
    #"["other-peer"]"#, "&{Name:other-peer}", #"\u007b\u0022Name\u0022:\u0022other-peer"#,
    "{&#34;Name&#34;:&#34;other-peer&#34;}", "- Name: other-peer\n  ID: 1\n",
    "%7B%22Name%22:%22other-peer%22%7D",
    String(repeating: "other-peer ", count: 30),
  ]

  @Test func `an error in another notation than a sentence is told by its status, and on record`() throws {
    let list = get("/v1/peerings", token: Token.reader)
    for text in [Self.read, list] {
      for body in Self.notations {
        let upstream = try RecordingUpstream { _ in
          .bytes("HTTP/1.1 500 Error\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        }
        let gate = try GateProcess(upstream: upstream.address)
        let answer = try gate.request(text)
        #expect(answer.status == 500)
        #expect(answer.body.hasPrefix("Consul's error is told by its status alone"))
        #expect(try gate.audit().last?.reason?.hasPrefix("Consul (not shown to the client): ") == true)
      }
    }
  }

  @Test func `so is that of a change with a list in it`() throws {
    let body = #"failed: [{"Name":"other-peer"}]"#
    let upstream = try RecordingUpstream { _ in
      .bytes("HTTP/1.1 500 Error\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }
    let gate = try GateProcess(upstream: upstream.address)
    let answer = try gate.request(request("DELETE", "/v1/peering/hub", token: Token.administrator))
    #expect(answer.status == 500 && !answer.body.contains("other-peer"))
    #expect(try gate.audit().last?.status == "500")
  }

  @Test func `so is a change that is answered with peerings, and the record says that it was asked for`()
    throws
  {
    let change = request("DELETE", "/v1/peering/hub", token: Token.administrator)
    try expect(502, to: change, after: [#"[{"Name":"other-peer"}]"#, #"{"Name":"other-peer"}"#])
    try expect(200, to: change, after: ["", "{}"])
  }
}
