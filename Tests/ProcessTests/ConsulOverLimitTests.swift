// Consul lets one address have so many connections; to those beyond it says 429 and resets them, unread.

import Sockets
import Support
import Testing

@Suite struct ConsulOverLimitTests {
  /// As Consul writes it: neither a length nor chunks.
  private static let refusal =
    "HTTP/1.1 429 Too Many Requests\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n"
    + "Your IP is issuing too many concurrent connections, please rate limit your calls\n"
  private static let requests = [
    get("/v1/peering/hub", token: Token.administrator), get("/v1/peerings", token: Token.administrator),
    request("DELETE", "/v1/peering/hub", token: Token.administrator),
    request("POST", "/v1/peering/token", token: Token.administrator, body: "{\"PeerName\":\"hub\"}"),
  ]

  enum Ending: CaseIterable {
    /// Before the request can have been written.
    case resetAtOnce
    /// The request is written to a connection that has ended.
    case closedAtOnce
    /// The request has come, and is not read.
    case resetUnread
    case closedUnread
  }

  /// Refuses every connection that way.
  private func refuse(_ text: String, _ ending: Ending) throws -> BlockingSocket {
    let listener = try BlockingSocket.listen()
    Thread.start(named: "refusal") {
      while let connection = try? listener.accept() {
        if ending == .resetUnread || ending == .closedUnread {
          _ = connection.isSilent(forMilliseconds: 5000)
        }
        try? connection.write(Array(text.utf8))
        switch ending {
        case .resetAtOnce, .resetUnread: connection.reset()
        // With the request unread, the kernel makes a reset of it.
        case .closedAtOnce, .closedUnread: break
        }
      }
    }
    return listener
  }

  @Test(arguments: Ending.allCases)
  func `429 without a length, and then a reset, is 429`(ending: Ending) throws {
    let consul = try refuse(Self.refusal, ending)
    defer { consul.shutdown() }
    let gate = try GateProcess(upstream: "http://127.0.0.1:\(consul.port)")
    let client = try gate.connect()
    for _ in 0..<20 {
      for request in Self.requests {
        let reply = try client.request(request)
        #expect(reply.status == 429)
        #expect(reply.body.hasPrefix("Your IP is issuing too many concurrent connections"))
        #expect(reply["cache-control"] == "no-store")
      }
    }
    #expect(try gate.audit().last?.status == "429")
    #expect(try gate.audit().last?.outcome == "allow")
  }

  @Test(arguments: Ending.allCases) func `Retry-After is relayed, with 503 too`(ending: Ending) throws {
    for status in [429, 503] {
      let consul = try refuse("HTTP/1.1 \(status) X\r\nRetry-After: 7\r\n\r\n", ending)
      defer { consul.shutdown() }
      let gate = try GateProcess(upstream: "http://127.0.0.1:\(consul.port)")
      for request in Self.requests {
        let reply = try gate.request(request)
        #expect(reply.status == status)
        #expect(reply["retry-after"] == "7")
      }
    }
  }

  @Test(arguments: Ending.allCases)
  func `a success that is broken off, or that nobody can have asked for, is 502`(ending: Ending) throws {
    for text in [
      "HTTP/1.1 200 OK\r\n\r\n{}", "HTTP/1.1 429 Too Many", "HTTP/1.1 429 X\r\nContent-Length: 99\r\n\r\n{}",
    ] {
      let consul = try refuse(text, ending)
      defer { consul.shutdown() }
      let gate = try GateProcess(upstream: "http://127.0.0.1:\(consul.port)")
      for request in Self.requests { #expect(try gate.request(request).status == 502, "\(text)") }
    }
  }
}
