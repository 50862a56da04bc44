// A list of Consul's that takes long to scan keeps nobody else waiting.

import Support
import Testing

@Suite struct LongListTests {
  /// The gate gives a connection to Consul back as soon as a reply is read, and takes the one that it has used last. So a
  /// read that goes over the connection of the list has come after the whole list; and if its record stands before that of
  /// the list, it was answered before the list was filtered. One worker cannot do both at once.
  @Test func `others of the same worker are answered while a long list is filtered`() throws {
    let long =
      "[{\"Name\":\"cluster-01\"" + String(repeating: #","\u0041":1"#, count: 1_000_000)
      + "},{\"Name\":\"hidden\"}]"
    let upstream = try RecordingUpstream { received in
      received.target == "/v1/peerings" ? .json(long) : .json("{\"Name\":\"cluster-01\"}")
    }
    let gate = try GateProcess(upstream: upstream.address, workers: 1)
    let reader = try gate.connect()
    var wasAnswered = false
    // When a read comes is up to the machine: seldom, none comes at the right time.
    for round in 0..<20 where !wasAnswered {
      let lister = try gate.connect()
      try lister.send(get("/v1/peerings", token: Token.reader, fields: "X-Request-Id: list-\(round)\r\n"))
      var reads = 0
      while try !gate.audit().contains(where: { $0.requestID == "list-\(round)" }) {
        let fields = "X-Request-Id: read-\(round)-\(reads)\r\n"
        let reply = try reader.request(
          get("/v1/peering/cluster-01", token: Token.reader, fields: fields))
        #expect(reply.status == 200)
        reads += 1
      }
      let list = try lister.reply()
      #expect(list.status == 200 && list.body.hasSuffix("\"\\u0041\":1}]"))
      let connection = upstream.requests.first { $0["x-request-id"] == "list-\(round)" }?.connection
      let meanwhile = upstream.requests.filter {
        $0.connection == connection && $0["x-request-id"]?.hasPrefix("read-\(round)-") == true
      }.compactMap { $0["x-request-id"] }
      let before = try gate.audit().compactMap(\.requestID).prefix { $0 != "list-\(round)" }
      wasAnswered = before.contains(where: meanwhile.contains)
    }
    #expect(wasAnswered)
  }

  @Test func `a long reply about one peering, too, is checked and passed on`() throws {
    let long = "{\"Name\":\"cluster-01\"" + String(repeating: #","\u0041":1"#, count: 100_000) + "}"
    let upstream = try RecordingUpstream { received in
      .json(received["x-request-id"] == "other" ? long.replacing("cluster-01", with: "cluster-02") : long)
    }
    let gate = try GateProcess(upstream: upstream.address, workers: 1)
    #expect(try gate.request(get("/v1/peering/cluster-01", token: Token.reader)).body == long)
    let other = try gate.request(
      get("/v1/peering/cluster-01", token: Token.reader, fields: "X-Request-Id: other\r\n"))
    #expect(other.status == 502)
  }

  @Test func `an error or a reply to a change that no Consul would write is not passed on`() throws {
    let text = String(repeating: "a", count: 1 << 20)
    let upstream = try RecordingUpstream { received in
      let body = text + (received["x-request-id"] == "more" ? "a" : "")
      let status = received.method == "GET" ? "500 Internal Server Error" : "200 OK"
      return .bytes("HTTP/1.1 \(status)\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }
    let gate = try GateProcess(upstream: upstream.address)
    let more = "X-Request-Id: more\r\n"
    let administrator = Token.administrator
    for (method, status) in [("GET", 500), ("DELETE", 200)] {
      let target = "/v1/peering/cluster-01"
      #expect(try gate.request(request(method, target, token: administrator)).status == status)
      #expect(try gate.request(request(method, target, token: administrator, fields: more)).status == 502)
    }
    #expect(try gate.request(get("/v1/peerings", token: administrator)).status == 500)
    #expect(try gate.request(get("/v1/peerings", token: administrator, fields: more)).status == 502)
  }
}
