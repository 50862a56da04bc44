// Why Consul refused is in the record, and for anyone who watches; secrets are not.

import Support
import Testing

@Suite struct ConsulReasonTests {
  private static func reply(_ status: Int, _ sentence: String) -> String {
    "HTTP/1.1 \(status) Status\r\nContent-Length: \(sentence.utf8.count)\r\n\r\n\(sentence)"
  }

  @Test(arguments: [403, 404, 429, 500, 503])
  func `the sentence of Consul's stands in the record and is what people are shown`(status: Int) throws {
    let upstream = try RecordingUpstream { _ in
      .bytes(Self.reply(status, "rpc error: \u{1B}[31m no cluster leader"))
    }
    let gate = try GateProcess(upstream: upstream.address)
    let reply = try gate.request(request("DELETE", "/v1/peering/hub", token: Token.administrator))
    #expect(reply.status == status)
    let line = try #require(try gate.audit().last)
    #expect(line.reason == "Consul: rpc error: \\x1b[31m no cluster leader")
    #expect(line.rule != nil && line.outcome == "allow")
    let shown = try GateProcess.run(["audit", "query", "--status", "\(status)", gate.auditPath]).output
    #expect(shown.contains("no cluster leader") && !shown.contains("\u{1B}"), "\(shown)")
  }

  @Test func `a sentence that repeats a secret is not recorded`() throws {
    let upstream = try RecordingUpstream { _ in
      .bytes(Self.reply(500, String(repeating: "x", count: 500) + Token.administrator))
    }
    let gate = try GateProcess(upstream: upstream.address)
    let reply = try gate.request(request("DELETE", "/v1/peering/hub", token: Token.administrator))
    #expect(reply.status == 500)
    #expect(try gate.audit().last?.reason?.hasPrefix("Consul: xxx") == true)
    #expect(try gate.audit().last?.reason?.contains(Token.administrator.prefix(8)) == false)
  }
}
