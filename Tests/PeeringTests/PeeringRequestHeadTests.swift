// What the head of a request decides, before its body is read.

import Digests
import HTTP
import Testing

@testable import Peering

@Suite struct PeeringRequestHeadTests {
  private func parse(_ line: String, _ fields: String = "") throws -> PeeringHeadCall {
    var hash = SHA256()
    return try PeeringRequestHead.parse(try head(line, fields), hash: &hash)
  }

  private func operation(_ line: String, _ fields: String = "") throws -> PeeringRequestHead {
    guard case .operation(let operation) = try parse(line, fields) else { throw Refusal.notServed }
    return operation
  }

  @Test func `path, method, query, partition and credential are decided without the body`() throws {
    let body = "Content-Length: 99"
    func refusal(_ line: String, _ fields: String = "") -> Refusal? {
      do {
        _ = try parse(line, [body, fields].joined(separator: "\n"))
        return nil
      } catch { return error as? Refusal }
    }
    #expect(refusal("POST /v1/kv/x") == .notServed)
    #expect(refusal("PUT /v1/peering/token") == .methodNotAllowed(.put, .post))
    #expect(refusal("POST /v1/peering/token?token=x") == .tokenInQuery)
    #expect(refusal("POST /v1/peering/token", "X-Consul-Partition: A") == .invalidPartition(.field))
    #expect(
      refusal("POST /v1/peering/token?partition=a", "X-Consul-Partition: b")
        == .partitionsDisagree(.query, .field))
    #expect(
      refusal("POST /v1/peering/token", "X-Consul-Token: a\nX-Consul-Token: b")
        == .repeatedField(.xConsulToken))
    #expect(refusal("POST /v1/peering/token") == nil)
  }

  @Test func `content for what has none is refused before it comes`() throws {
    for line in ["GET /v1/peerings", "GET /v1/peering/hub", "DELETE /v1/peering/hub"] {
      #expect(throws: Refusal.self) { try operation(line, "Content-Length: 1") }
      #expect(throws: Refusal.self) {
        try operation(line, "Transfer-Encoding: chunked\nExpect: 100-continue")
      }
      // These can turn out to have none.
      #expect(try operation(line, "Content-Length: 0").operation.hasContent == false)
      let chunked = try operation(line, "Transfer-Encoding: chunked")
      #expect(try chunked.completed(by: [UInt8]().span).operation == chunked.operation)
      #expect(throws: Refusal.self) { try chunked.completed(by: [0x20].span) }
    }
  }

  @Test func `the name comes from the path or is not known yet`() throws {
    #expect(try operation("GET /v1/peering/hub").peer?.text == "hub")
    #expect(try operation("POST /v1/peering/token", "Content-Length: 9").peer == nil)
    #expect(try operation("GET /v1/peerings").peer == nil)
  }

  @Test func `the partition is known if the head says it, and the body may only repeat it`() throws {
    let silent = try operation("POST /v1/peering/token", "Content-Length: 9")
    #expect(silent.statedPartition == nil)
    let stated = try operation("POST /v1/peering/token?partition=eu", "Content-Length: 9")
    #expect(stated.statedPartition?.name == "eu")
    func body(_ partition: String) -> [UInt8] {
      Array("{\"PeerName\":\"hub\",\"Partition\":\"\(partition)\"}".utf8)
    }
    #expect(try silent.completed(by: body("us").span).partition.name == "us")
    #expect(try stated.completed(by: body("eu").span).partition.name == "eu")
    #expect(throws: Refusal.partitionsDisagree(.query, .body)) { try stated.completed(by: body("us").span) }
  }

  @Test func `neither credential nor fields show`() throws {
    let head = try operation("POST /v1/peering/token", "X-Consul-Token: abcdefgh")
    var dumped = ""
    dump(head, to: &dumped)
    for text in ["\(head)", String(reflecting: head), dumped] { #expect(!text.contains("abcdefgh")) }
  }
}
