// One token takes no more than its share: it is told so, and others do not notice.

import Foundation
import Support
import Testing

@Suite struct TokenShareTests {
  private static let query = "/v1/peerings?index=7&wait=600s"

  @Test func `one token cannot have all blocking queries`() throws {
    let upstream = try RecordingUpstream { received in
      received.target.contains("index") ? .silence() : .json("[]")
    }
    // Six may wait, three of them for one token.
    let gate = try GateProcess(upstream: upstream.address, more: "limits { upstream_connections = 8 }")
    let waiting = try (0..<3).map { _ in try gate.connect() }
    for client in waiting { try client.send(get(Self.query, token: Token.administrator)) }
    #expect(eventually { upstream.requests.count == 3 })
    let refused = try gate.request(get(Self.query, token: Token.administrator))
    #expect(refused.status == 429)
    #expect(refused["retry-after"] == "1")
    #expect(refused.body.contains("3 blocking queries"))
    #expect(try gate.audit().last?.reason?.contains("share of blocking queries") == true)
    // Another token has its place, and the first one its plain reads.
    let other = try gate.connect()
    try other.send(get(Self.query, token: Token.reader))
    #expect(eventually { upstream.requests.count == 4 })
    #expect(try gate.request(get("/v1/peerings", token: Token.administrator)).status == 200)
  }

  @Test func `slow changes of one token leave others their reads`() throws {
    let isFree = DispatchSemaphore(value: 0)
    let upstream = try RecordingUpstream { received in
      if received.method == "POST" { isFree.wait() }
      return .json("{}")
    }
    let gate = try GateProcess(
      upstream: upstream.address,
      more: "limits { upstream_connections = 4 upstream_queue_timeout = \"100ms\" }")
    let body = "{\"PeerName\":\"cluster-01\"}"
    let generate = request("POST", "/v1/peering/token", token: Token.administrator, body: body)
    let clients = try (0..<8).map { _ in try gate.connect() }
    for client in clients { try client.send(generate) }
    #expect(eventually { upstream.requests.count == 2 })
    for _ in 0..<8 {
      #expect(try gate.request(get("/v1/peering/cluster-01", token: Token.reader)).status == 200)
    }
    // The rest of its own changes are refused, and none of them reached Consul.
    #expect(try eventually { try gate.audit().filter { $0.status == "429" }.count == 6 })
    #expect(upstream.requests.filter { $0.method == "POST" }.count == 2)
    for _ in 0..<2 { isFree.signal() }
    #expect(
      try eventually {
        try gate.audit().filter { $0.status == "200" && $0.operation == "generate" }.count == 2
      })
    #expect(Set(try clients.map { try $0.reply().status }) == [200, 429])
  }

  @Test func `however many tokens want all places, there is one for the next`() throws {
    let upstream = try RecordingUpstream { received in
      received.target.contains("index") ? .silence() : .json("[]")
    }
    let tokens = (0..<4).map { "token-\($0)-of-four" }
    let gate = try GateProcess(
      upstream: upstream.address, policies: Self.policies(for: tokens),
      more: "limits { upstream_connections = 16 }")
    var waiting: [RawClient] = []
    var places: [Int] = []
    for token in tokens {
      let before = upstream.requests.count
      var isRefused = false
      while !isRefused {
        let client = try gate.connect()
        let (recorded, asked) = (try gate.audit().count, upstream.requests.count)
        try client.send(get(Self.query, token: token))
        try #require(try eventually { try upstream.requests.count > asked || gate.audit().count > recorded })
        isRefused = upstream.requests.count == asked
        waiting.append(client)
      }
      places.append(upstream.requests.count - before)
    }
    // Twelve in all: each gets as many as it leaves.
    #expect(places == [6, 3, 2, 1])
  }

  @Test func `slow changes of one token leave others their changes`() throws {
    let isFree = DispatchSemaphore(value: 0)
    let upstream = try RecordingUpstream { received in
      if received.body.contains("slow") { isFree.wait() }
      return .json("{}")
    }
    let tokens = ["a-slow-token", "another-token"]
    let gate = try GateProcess(
      upstream: upstream.address, policies: Self.policies(for: tokens),
      more: "limits { upstream_connections = 8 upstream_queue_timeout = \"100ms\" }")
    let generate = request(
      "POST", "/v1/peering/token", token: tokens[0], body: "{\"PeerName\":\"slow\"}")
    let clients = try (0..<8).map { _ in try gate.connect() }
    for client in clients { try client.send(generate) }
    #expect(try eventually { try gate.audit().filter { $0.status == "429" }.count == 4 })
    for _ in 0..<4 {
      let other = request("DELETE", "/v1/peering/hub", token: tokens[1])
      #expect(try gate.request(other).status == 200)
    }
    for _ in 0..<4 { isFree.signal() }
    #expect(Set(try clients.map { try $0.reply().status }) == [200, 429])
  }

  @Test func `unfinished bodies of one token leave others theirs`() throws {
    let upstream = try RecordingUpstream { _ in .json("{}") }
    let tokens = ["a-slow-token", "another-token"]
    let gate = try GateProcess(
      upstream: upstream.address, policies: Self.policies(for: tokens),
      more: "limits { content_bytes = 8388608 reply_bytes = 8388608 request_timeout = \"600s\" }")
    let body = String(repeating: "x", count: 1 << 20)
    let clients = try (0..<8).map { _ in
      let client = try gate.connect()
      try client.send(
        request(
          "POST", "/v1/peering/token", token: tokens[0], fields: "Content-Length: \(body.utf8.count)\r\n"))
      try? client.send(Array(body.utf8.dropLast()))
      return client
    }
    // Requests have four megabytes, and one token has two of them.
    #expect(try eventually(within: 60) { try gate.audit().filter { $0.status == "503" }.count == 6 })
    let large = "{\"PeerName\":\"hub\"}" + String(repeating: " ", count: 1_000_000)
    for _ in 0..<3 {
      #expect(
        try gate.request(request("POST", "/v1/peering/token", token: tokens[1], body: large)).status == 200)
    }
    for client in clients { client.leave(.byReset) }
  }

  private static func policies(for tokens: [String]) -> String {
    "policy \"all\" { peering = \"write\" }\n"
      + tokens.enumerated().map { number, token in
        """
        token "tenant-\(number)" {
          accessor_id   = "6a1253d2-1785-24fd-91c2-f8e78c74551\(number)"
          secret_sha256 = ["\(PlainSHA256.digest(of: token.utf8))"]
          policies      = ["all"]
        }

        """
      }.joined()
  }

  @Test func `slow readers of a long list do not keep others from theirs`() throws {
    // Twelve megabytes: more than the kernel takes for a client that does not read.
    let filler = String(repeating: "x", count: 6_000)
    let body =
      "[" + (0..<2_000).map { "{\"Name\":\"cluster-\($0)\",\"ID\":\"\(filler)\"}" }.joined(separator: ",")
      + "]"
    let upstream = try RecordingUpstream { _ in .json(body) }
    let gate = try GateProcess(
      upstream: upstream.address,
      more: "limits { content_bytes = 67108864 reply_bytes = 16777216 response_timeout = \"600s\" }")
    let slow = try (0..<9).map { _ in try gate.connect() }
    for client in slow { try client.send(get("/v1/peerings", token: Token.administrator)) }
    // Two of them have the token's half; the others are told to come back.
    #expect(try eventually { try gate.audit().filter { $0.status != nil }.count == 9 })
    #expect(try gate.audit().filter { $0.status == "200" }.count == 2)
    #expect(try gate.audit().filter { $0.status == "503" }.count == 7)
    for _ in 0..<3 {
      let reply = try gate.request(get("/v1/peerings", token: Token.reader))
      #expect(reply.status == 200)
    }
    for client in slow { client.leave(.byReset) }
  }

  @Test func `who may have everything is told so in the configuration`() throws {
    let upstream = try RecordingUpstream { _ in .silence() }
    let gate = try GateProcess(
      upstream: upstream.address,
      more: "limits { upstream_connections = 4 per_token { blocking_percent = 100 upstream_percent = 100 } }")
    let waiting = try (0..<3).map { _ in try gate.connect() }
    for client in waiting { try client.send(get(Self.query, token: Token.administrator)) }
    #expect(eventually { upstream.requests.count == 3 })
    #expect(try gate.request(get(Self.query, token: Token.administrator)).status == 503)
  }
}
