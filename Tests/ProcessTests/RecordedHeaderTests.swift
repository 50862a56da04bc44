// Request headers that an operator wants recorded: those, quoted and cut, and no others.

import Foundation
import Support
import Testing

@Suite struct RecordedHeaderTests {
  private func headers(_ fields: String, listed: String = "\"X-Team\", \"X-Forwarded-For\", \"Via\"") throws
    -> [String: String]?
  {
    let upstream = try RecordingUpstream { _ in .json("[]") }
    let gate = try GateProcess(upstream: upstream.address, auditMore: "headers = [\(listed)]")
    _ = try gate.request(get("/v1/peerings", token: Token.administrator, fields: fields))
    let line = try #require(try gate.audit().first)
    let object = try JSONSerialization.jsonObject(with: Data(line.text.utf8)) as? [String: Any]
    let payload = object?["payload"] as? [String: Any]
    return (payload?["request"] as? [String: Any])?["headers"] as? [String: String]
  }

  @Test func `listed ones are recorded under the operator's spelling, others are not`() throws {
    let found = try headers(
      "x-team: blue\r\nX-Other: red\r\nX-Forwarded-For: 192.0.2.1\r\nVIA: 1.1 a\r\nvia: 1.1 b\r\n")
    #expect(found == ["X-Team": "blue", "X-Forwarded-For": "192.0.2.1", "Via": "1.1 a, 1.1 b"])
    #expect(try headers("X-Other: red\r\n") == nil)
  }

  @Test func `values are cut and quoted`() throws {
    let found = try headers(
      "X-Team: \u{1B}[31m\"}\\\u{FC}".replacing("\u{1B}", with: "") + String(repeating: "x", count: 400)
        + "\r\n")
    #expect(
      found?["X-Team"] == "[31m\"}\\\\\\xc3\\xbc" + String(repeating: "x", count: 256 - 9) + "...(+153 bytes)"
    )
  }

  @Test func `what was no request to one of the five has them too`() throws {
    let upstream = try RecordingUpstream { _ in .json("[]") }
    let gate = try GateProcess(upstream: upstream.address, auditMore: "headers = [\"X-Team\"]")
    #expect(try gate.request(get("/v1/kv/a", fields: "X-Team: blue\r\n")).status == 403)
    #expect(try gate.audit().first?.text.contains("\"headers\":{\"X-Team\":\"blue\"}") == true)
  }
}
