// What changes while a gate runs, and from when on.

import Peering
import Policy
import Sockets
import Support
import Synchronization
import TLS
import Testing

@testable import Consul
@testable import Gate

@Suite struct ReloadTests {
  private static let nobody = """
    policy "none" { peering = "deny" }
    \(GateFixture.token("admin", of: "none", number: 1))
    """

  /// An answer that is held back until the test lets it go.
  private final class Hold: Sendable {
    private let isOpen = Atomic(false)
    func release() { isOpen.store(true, ordering: .releasing) }
    func wait() { _ = eventually { isOpen.load(ordering: .acquiring) } }
  }

  @Test(arguments: [
    "/v1/peerings", "/v1/peerings?index=7", "/v1/peering/cluster-01", "/v1/peering/hub?index=7",
  ])
  func `a token that lost its rights while Consul was asked gets nothing of the reply`(target: String) throws
  {
    let hold = Hold()
    let upstream = try RecordingUpstream { request in
      if request.method == "GET" { hold.wait() }
      return .json("[{\"Name\":\"cluster-01\"}]")
    }
    let fixture = try GateFixture(upstream: upstream.port)
    defer { hold.release() }
    let client = try fixture.connect()
    try client.send(get(target))
    #expect(eventually { upstream.requests.count == 1 })
    _ = fixture.gate.adopt(fixture.settings, policies: try GateFixture.set(Self.nobody))
    let other = try fixture.connect()
    #expect(try eventually { try fixture.isDenied(on: other) })
    hold.release()
    let reply = try client.reply()
    #expect(reply.status == 403)
    #expect(!reply.body.contains("\"Name\""))
    #expect(reply["x-consul-index"] == nil)
  }

  /// What is kept of a connection's fields is made anew by what holds now.
  @Test func `a connection whose fields stay the same is judged, shown to Consul and recorded anew`() throws {
    let upstream = try RecordingUpstream { _ in .json("{}") }
    let fixture = try GateFixture(upstream: upstream.port)
    let client = try fixture.connect()
    let request = get("/v1/peering/hub", fields: "User-Agent: a\r\n")
    for _ in 0..<2 { #expect(try client.request(request).status == 200) }
    var settings = fixture.settings
    settings.upstream = UpstreamSettings(
      endpoint: settings.upstream.endpoint, secret: Credential("the-gate-s-own"))
    let renamed = GateFixture.policies.replacing("token \"admin\"", with: "token \"renamed\"")
    _ = fixture.gate.adopt(settings, policies: try GateFixture.set(renamed))
    let isShown = try eventually {
      let status = try client.request(request).status
      return status == 200 && upstream.requests.last?["x-consul-token"] == "the-gate-s-own"
    }
    #expect(isShown)
    #expect(upstream.requests.allSatisfy { ["admin", "the-gate-s-own"].contains($0["x-consul-token"]) })
    _ = fixture.gate.adopt(settings, policies: try GateFixture.set(Self.nobody))
    #expect(try eventually { try client.request(request).status == 403 })
    let lines = try fixture.audit()
    #expect(lines.first?.subject == "admin")
    #expect(lines.last { $0.status == "200" }?.subject == "renamed")
    #expect(lines.last?.subject == "admin" && lines.last?.status == "403")
  }

  @Test func `an upstream that moves is moved to at the next start, all of it`() throws {
    let upstream = try RecordingUpstream { _ in .json("{}") }
    let fixture = try GateFixture(upstream: upstream.port)
    var settings = fixture.settings
    settings.upstream = UpstreamSettings(
      endpoint: .tcp(host: "127.0.0.1", port: 1),
      tls: try ClientSettings(serverName: .dns("consul"), trust: .authorities(fixture.pki.authority.bundle)))
    let late = fixture.gate.adopt(settings, policies: try GateFixture.set(Self.nobody))
    #expect(late == ["upstream"])
    // The new policies show that the rest was taken over.
    let client = try fixture.connect()
    #expect(try eventually { try fixture.isDenied(on: client) })
    _ = fixture.gate.adopt(settings, policies: try GateFixture.set(GateFixture.policies))
    #expect(try eventually { try client.request(get("/v1/peering/hub")).status == 200 })
    #expect(upstream.requests.last?["host"] == "127.0.0.1:\(upstream.port)")
  }
}

extension GateFixture {
  /// Whether `admin` has lost its right, found out by a change, which Consul answers at once.
  fileprivate func isDenied(on client: RawClient) throws -> Bool {
    try client.request(post("/v1/peering/token", "{\"PeerName\":\"hub\"}")).status == 403
  }
}
