// audit report, of a log that a real gate wrote.

import Digests
import Foundation
import Support
import Testing

@Suite struct AuditReportTests {
  private let gate: GateProcess
  private let upstream: RecordingUpstream

  init() throws {
    upstream = try RecordingUpstream { .json($0.method == "GET" ? "{\"Name\":\"hub\"}" : "{}") }
    gate = try GateProcess(upstream: upstream.address)
    for text in [
      get("/v1/peering/hub", token: Token.administrator), get("/v1/peering/hub", token: Token.reader),
      request("DELETE", "/v1/peering/cluster-02", token: Token.owner),
    ] { _ = try gate.request(text) }
    gate.stop()
  }

  private func report(_ arguments: String...) throws -> (status: Int32, output: String) {
    try GateProcess.run(["audit", "report"] + arguments)
  }

  @Test func `the text begins with the verification and tells who did what`() throws {
    let result = try report(gate.auditPath)
    #expect(result.status == 0, "\(result.output)")
    #expect(result.output.hasPrefix("SOUND\n"))
    for words in [
      "docs-admin       read       allow 2xx      1  20", "docs-reader      read       deny           1  20",
      "docs-cluster-02  delete     allow 2xx      1  20", " address=127.0.0.1",
    ] { #expect(result.output.contains(words), "\(words) in \(result.output)") }
  }

  @Test func `an edited log is reported as such, and the page names the digest of each file`() throws {
    let scratch = try ScratchFolder()
    let text = try String(contentsOfFile: gate.auditPath, encoding: .utf8)
    let file = try scratch.write("log", text.replacing("docs-reader", with: "docs-eraser"))
    let page = scratch.path + "/report.html"
    #expect(try report("--html", page, file).status == 1)
    let html = try String(contentsOfFile: page, encoding: .utf8)
    #expect(html.contains("<p class=\"verdict\">NOT SOUND</p>") && html.contains("edited"))
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
    #expect(html.contains(SHA256.digest(of: bytes.span).hexadecimal))
    let mode = try FileManager.default.attributesOfItem(atPath: page)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    #expect(try report("--html", page, file).status == 2, "an existing file is not overwritten")
    #expect(try report("--html", gate.auditPath, gate.auditPath).status == 2)
    #expect(try String(contentsOfFile: gate.auditPath, encoding: .utf8) == text)
  }

  @Test func `a period, a number of rows and JSON`() throws {
    let result = try report("--json", "--since", "1h", "--rows", "1", gate.auditPath)
    let whole = try #require(
      try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    #expect((whole["verification"] as? [String: Any])?["verdict"] as? String == "SOUND")
    let actions = try #require(whole["actions"] as? [String: Any])
    #expect((actions["rows"] as? [Any])?.count == 1 && actions["left_out"] as? Int == 2)
    let later = try report("--since", "2100-01-01", gate.auditPath)
    #expect(later.status == 0 && later.output.contains("Who did what\n  None."))
    #expect(try report("--rows", "0", gate.auditPath).status > 2)
    #expect(try report("/nowhere").status == 2)
  }
}
