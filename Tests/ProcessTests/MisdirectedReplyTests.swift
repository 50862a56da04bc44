// A reply that is about something else than what was asked tells nobody anything.

import Support
import Testing

@Suite struct MisdirectedReplyTests {
  private static let read = get("/v1/peering/hub", token: Token.administrator)

  /// Each reply to the request goes to a client of its own.
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

  @Test func `a read that is answered with another peering is 502`() throws {
    try expect(502, to: Self.read, after: Self.others)
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

  @Test func `so is a change that is answered with peerings, and the record says that it was asked for`()
    throws
  {
    let change = request("DELETE", "/v1/peering/hub", token: Token.administrator)
    try expect(502, to: change, after: [#"[{"Name":"other-peer"}]"#, #"{"Name":"other-peer"}"#])
    try expect(200, to: change, after: ["", "{}"])
  }
}
