// Limits of a request: served at the limit, refused one beyond, with the status that says which.

import Support
import Testing

@Suite struct RequestLimitTests {
  private let upstream: RecordingUpstream
  private let gate: GateProcess

  init() throws {
    upstream = try RecordingUpstream { _ in .json("[]") }
    gate = try GateProcess(
      upstream: upstream.address,
      more: """
        limits {
          request_line_bytes = 300
          field_line_bytes = 400
          field_count = 10
          head_bytes = 1024
          body_bytes = 1024
        }
        """)
  }

  /// The last is refused, the others are not; on connections of their own.
  private func expect(_ status: Int, beyond limit: Int, _ make: (Int) -> String) throws {
    for size in [limit - 1, limit, limit + 1] {
      let client = try gate.connect()
      let reply = try client.request(make(size))
      if size <= limit {
        #expect(reply.status == 200, "\(size): \(reply.body)")
      } else {
        #expect(reply.status == status, "\(size)")
        #expect(reply["connection"] == "close")
        #expect(reply.body.contains("\(limit)"), "\(reply.body)")
        #expect(try gate.audit().last?.status == "\(status)")
      }
    }
  }

  private static let host = "Host: localhost\r\nX-Consul-Token: \(Token.administrator)\r\n"

  @Test func `the request line`() throws {
    try expect(414, beyond: 300) { size in
      let fixed = "GET /v1/peerings?filter= HTTP/1.1"
      let filler = String(repeating: "f", count: size - fixed.utf8.count)
      return "GET /v1/peerings?filter=\(filler) HTTP/1.1\r\n\(Self.host)\r\n"
    }
  }

  @Test func `a field line`() throws {
    try expect(431, beyond: 400) { size in
      get(
        "/v1/peerings", token: Token.administrator,
        fields: "X: \(String(repeating: "x", count: size - 3))\r\n")
    }
  }

  @Test func `the number of fields`() throws {
    try expect(431, beyond: 10) { size in
      get("/v1/peerings", token: Token.administrator, fields: String(repeating: "X: y\r\n", count: size - 2))
    }
  }

  @Test func `the head`() throws {
    try expect(431, beyond: 1024) { size in
      let fixed = get("/v1/peerings", token: Token.administrator, fields: "X: \r\nY: \r\nZ: \r\n").utf8.count
      let filler = size - fixed
      let parts = [filler / 3, filler / 3, filler - filler / 3 * 2].map { String(repeating: "x", count: $0) }
      return get(
        "/v1/peerings", token: Token.administrator,
        fields: "X: \(parts[0])\r\nY: \(parts[1])\r\nZ: \(parts[2])\r\n")
    }
  }

  /// Filled up with blanks, which mean nothing in JSON.
  private static func json(_ size: Int) -> String {
    let body = "{\"PeerName\":\"hub\"}"
    return String(repeating: " ", count: size - body.utf8.count) + body
  }

  @Test func `the body`() throws {
    try expect(413, beyond: 1024) { size in
      request("POST", "/v1/peering/token", token: Token.administrator, body: Self.json(size))
    }
    #expect(upstream.requests.allSatisfy { $0.body == "{\"PeerName\":\"hub\"}" })
  }

  @Test func `the body in chunks`() throws {
    try expect(413, beyond: 1024) { size in
      let json = Self.json(size)
      let chunks = [json.prefix(7), json.dropFirst(7)].map {
        "\(String($0.utf8.count, radix: 16))\r\n\($0)\r\n"
      }
      return "POST /v1/peering/token HTTP/1.1\r\n\(Self.host)Transfer-Encoding: chunked\r\n\r\n"
        + chunks.joined() + "0\r\n\r\n"
    }
  }

  @Test func `chunk extensions and trailers`() throws {
    let head = "POST /v1/peering/token HTTP/1.1\r\n\(Self.host)Transfer-Encoding: chunked\r\n\r\n"
    let body = Self.json(64)
    try expect(400, beyond: 256) { size in
      head + "40;a=\(String(repeating: "x", count: size - 3))\r\n\(body)\r\n0\r\n\r\n"
    }
    try expect(431, beyond: 10) { size in
      head + "40\r\n\(body)\r\n0\r\n" + String(repeating: "X: y\r\n", count: size) + "\r\n"
    }
  }
}
