// What a client hears when the record cannot be kept.

import Support
import Testing

@testable import Gate

@Suite struct RecordFailureTests {
  @Test func `a request whose end is unknown ends the connection, also when it cannot be recorded`() throws {
    let upstream = try RecordingUpstream { _ in .json("{}") }
    // Every write to this device fails as on a full disk.
    let fixture = try GateFixture(upstream: upstream.port, audit: "/dev/full") {
      $0.requestTimeout = .milliseconds(50)
    }
    let client = try fixture.connect()
    // The body never comes: what follows would be the body, and must not be read as a request.
    try client.send(
      "POST /v1/peering/token HTTP/1.1\r\nHost: gate\r\nX-Consul-Token: admin\r\nContent-Length: 60\r\n\r\n")
    let reply = try client.reply()
    #expect(reply.status == 503)
    #expect(reply["connection"] == "close")
    try? client.send(get("/v1/peering/smuggled"))
    #expect(try client.rest() == "")
  }

  @Test func `nothing is answered but that nothing can be recorded`() throws {
    let upstream = try RecordingUpstream { _ in .json("{\"Name\":\"cluster-01\"}") }
    let fixture = try GateFixture(upstream: upstream.port, audit: "/dev/full")
    let client = try fixture.connect()
    for _ in 0..<2 {
      let reply = try client.request(get("/v1/peering/cluster-01"))
      #expect(reply.status == 503)
      #expect(reply["retry-after"] == "1")
      #expect(!reply.body.contains("cluster-01"))
    }
    _ = try client.request(post("/v1/peering/token", "{\"PeerName\":\"cluster-01\"}"))
    #expect(upstream.requests.allSatisfy { $0.method == "GET" })
  }
}
