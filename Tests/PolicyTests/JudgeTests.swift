// Verdicts on whole requests.
import Bytes
import Digests
import Peering
import Testing

@testable import Policy

struct JudgeTests {
  private static func digest(_ secret: String) -> String { SHA256.digest(of: secret).hexadecimal }

  private let set: PolicySet

  init() throws {
    set = try policySet(
      """
      policy "team-a" {
        peering_prefix "team-a-" { policy = "write" }
        peering        "hub"     { policy = "read" }
        partition "eu" { peering = "read" }
      }
      policy "nothing" { peering = "deny" }
      token "ci" {
        accessor_id   = "6a1253d2-1785-24fd-91c2-f8e78c745511"
        secret_sha256 = ["\(Self.digest("old"))", "\(Self.digest("new"))"]
        policies      = ["team-a"]
        not_before    = "2026-01-01T00:00:00Z"
        not_after     = "2027-01-01T00:00:00Z"
      }
      token "gone" {
        accessor_id   = "6a1253d2-1785-24fd-91c2-f8e78c745512"
        secret_sha256 = ["\(Self.digest("gone"))"]
        policies      = ["team-a"]
        revoked       = true
      }
      token "office" {
        accessor_id   = "6a1253d2-1785-24fd-91c2-f8e78c745513"
        secret_sha256 = ["\(Self.digest("office"))"]
        policies      = ["team-a"]
        sources       = ["10.0.0.0/8", "2001:db8::/32"]
      }
      token "mutual" {
        accessor_id   = "6a1253d2-1785-24fd-91c2-f8e78c745514"
        secret_sha256 = ["\(Self.digest("mutual"))"]
        policies      = ["team-a"]
        client_certificate { san_uri = ["spiffe://example.org/ns/a/*"] }
      }
      token "workload" {
        accessor_id   = "6a1253d2-1785-24fd-91c2-f8e78c745515"
        policies      = ["team-a"]
        client_certificate {
          san_uri = ["spiffe://example.org/ns/b/*"]
          san_dns = ["b.example.org"]
        }
      }
      token "one-workload" {
        accessor_id   = "6a1253d2-1785-24fd-91c2-f8e78c745516"
        policies      = ["nothing"]
        client_certificate { san_uri = ["spiffe://example.org/ns/b/x"] }
      }
      anonymous { policies = [] }
      """)
  }

  private func judge(
    _ line: String, secret: String? = nil, body: String = "", connection: PolicyAttributes = anywhere,
    at now: String = "2026-11-22T12:00:00Z"
  ) throws -> Outcome {
    Outcome(
      Judge.judge(
        try request(line, secret: secret, body: body), connection: connection, policies: set,
        now: try Timestamp(testing: now)))
  }

  @Test func `a permit names the rule and the token`() throws {
    let outcome = try judge("GET /v1/peering/hub", secret: "new")
    #expect(outcome.isAllowed)
    #expect(outcome.subject == "ci")
    #expect(outcome.rule == #"p.hcl:3 peering "hub" { policy = "read" }"#)
  }

  @Test func `a permit carries the request it was made for`() throws {
    let verdict = Judge.judge(
      try request("DELETE /v1/peering/team-a-1", secret: "old"), connection: anywhere, policies: set,
      now: LoaderVectors.now)
    guard case .permit(let permit) = consume verdict else {
      Issue.record("denied")
      return
    }
    #expect(permit.request.operation == .delete)
    #expect(permit.request.peer?.text == "team-a-1")
    guard case .nothing = permit.visibility else {
      Issue.record("there is nothing to be seen of what is deleted")
      return
    }
  }

  @Test func `read does not suffice for a change, and the denial names what is missing`() throws {
    let outcome = try judge("DELETE /v1/peering/hub", secret: "new")
    #expect(!outcome.isAllowed)
    #expect(outcome.reason == .lacksPermission)
    #expect(outcome.rule == #"p.hcl:3 peering "hub" { policy = "read" }"#)
    #expect(
      outcome.message
        == "Permission denied: token with AccessorID '6a1253d2-1785-24fd-91c2-f8e78c745511' lacks permission "
        + "'peering:write' on \"hub\"")
  }

  @Test func `each operation asks for its access on the peer it names`() throws {
    let establish = #"{"PeerName":"hub","PeeringToken":"e30="}"#
    for (line, body, isAllowed) in [
      ("GET /v1/peering/hub", "", true), ("DELETE /v1/peering/hub", "", false),
      ("POST /v1/peering/token", #"{"PeerName":"hub"}"#, false),
      ("POST /v1/peering/establish", establish, false),
      ("DELETE /v1/peering/team-a-1", "", true),
      ("POST /v1/peering/token", #"{"PeerName":"team-a-1"}"#, true),
      ("GET /v1/peering/team-a-1", "", true), ("GET /v1/peering/team-b-1", "", false),
      ("GET /v1/peerings", "", true),
      ("GET /v1/peering/hub?partition=eu", "", true), ("GET /v1/peering/hub?partition=us", "", false),
      ("DELETE /v1/peering/team-a-1?partition=eu", "", false), ("GET /v1/peerings?partition=us", "", false),
    ] {
      #expect(try judge(line, secret: "new", body: body).isAllowed == isAllowed, "\(line) \(body)")
    }
  }

  @Test func `anonymous is denied in Consul's words`() throws {
    let outcome = try judge("DELETE /v1/peering/cluster-02")
    #expect(outcome.subject == "anonymous")
    #expect(
      outcome.message
        == "Permission denied: anonymous token lacks permission 'peering:write' on \"cluster-02\". "
        + "The anonymous token is used implicitly when a request does not specify a token.")
    #expect(
      try judge("GET /v1/peerings").message
        == "Permission denied: anonymous token lacks permission 'peering:read'. "
        + "The anonymous token is used implicitly when a request does not specify a token.")
  }

  @Test func `an unknown secret is never anonymous and never the certificate`() throws {
    let workload = PolicyAttributes(source: nil, certificateDNSNames: ["b.example.org"])
    for connection in [anywhere, workload] {
      let outcome = try judge("GET /v1/peering/hub", secret: "guess", connection: connection)
      #expect(outcome.reason == .unknownToken)
      #expect(outcome.subject == nil)
      #expect(outcome.message == "ACL not found")
    }
  }

  @Test func `a token that does not count reads as unknown to the client, not to the log`() throws {
    let office = PolicyAttributes(source: Address("10.1.2.3"))
    let elsewhere = PolicyAttributes(source: Address("11.1.2.3"))
    for (secret, connection, now, reason) in [
      ("gone", anywhere, "2026-11-22T12:00:00Z", .tokenRevoked),
      ("new", anywhere, "2025-12-31T23:59:59Z", .tokenNotYetValid),
      ("new", anywhere, "2027-01-01T00:00:00Z", .tokenExpired),
      ("office", elsewhere, "2026-11-22T12:00:00Z", .sourceNotAllowed),
      ("office", anywhere, "2026-11-22T12:00:00Z", .sourceNotAllowed),
      ("mutual", office, "2026-11-22T12:00:00Z", .certificateNotAllowed),
    ] as [(String, PolicyAttributes, String, Denial.Reason)] {
      let outcome = try judge("GET /v1/peering/hub", secret: secret, connection: connection, at: now)
      #expect(outcome.reason == reason)
      #expect(outcome.subject != nil)
      #expect(outcome.message == "ACL not found")
    }
  }

  @Test func `a token holds from its first instant to the one before its last`() throws {
    #expect(try judge("GET /v1/peering/hub", secret: "new", at: "2026-01-01T00:00:00Z").isAllowed)
    #expect(try judge("GET /v1/peering/hub", secret: "new", at: "2026-12-31T23:59:59Z").isAllowed)
  }

  @Test func `a token comes from its sources, over either family`() throws {
    for source in ["10.255.0.1", "::ffff:10.0.0.1", "2001:db8::7"] {
      let connection = PolicyAttributes(source: Address(source))
      #expect(
        try judge("GET /v1/peering/hub", secret: "office", connection: connection).isAllowed, "\(source)")
    }
  }

  @Test func `a token can demand a certificate, and a certificate can be the token`() throws {
    let mutual = PolicyAttributes(source: nil, certificateURIs: ["spiffe://example.org/ns/a/x"])
    #expect(try judge("GET /v1/peering/hub", secret: "mutual", connection: mutual).subject == "mutual")
    #expect(try judge("GET /v1/peering/hub", connection: mutual).subject == "anonymous")
    let workload = PolicyAttributes(source: nil, certificateURIs: ["spiffe://example.org/ns/b/y"])
    #expect(try judge("GET /v1/peering/hub", connection: workload).subject == "workload")
    #expect(try judge("GET /v1/peering/hub", secret: "new", connection: workload).subject == "ci")
  }

  @Test func `an exact certificate name beats a prefix, and a URI a DNS name`() throws {
    let one = PolicyAttributes(
      source: nil, certificateURIs: ["spiffe://example.org/ns/b/x"], certificateDNSNames: ["b.example.org"])
    #expect(try judge("GET /v1/peering/hub", connection: one).subject == "one-workload")
  }

  @Test func `a certificate whose token is revoked is refused, not anonymous`() throws {
    let set = try policySet(
      """
      policy "a" { peering = "read" }
      token "workload" {
        accessor_id = "6a1253d2-1785-24fd-91c2-f8e78c745515"
        policies    = []
        revoked     = true
        client_certificate { san_uri = ["spiffe://example.org/*"] }
      }
      anonymous { policies = ["a"] }
      """)
    let connection = PolicyAttributes(source: nil, certificateURIs: ["spiffe://example.org/x"])
    let verdict = Judge.judge(
      try request("GET /v1/peering/hub"), connection: connection, policies: set, now: LoaderVectors.now)
    #expect(Outcome(consume verdict).reason == .tokenRevoked)
  }

  @Test func `a list carries its scope`() throws {
    let verdict = Judge.judge(
      try request("GET /v1/peerings", secret: "new"), connection: anywhere, policies: set,
      now: LoaderVectors.now)
    guard case .permit(let permit) = consume verdict, case .only(let scope) = permit.visibility else {
      Issue.record("denied, or without a scope")
      return
    }
    let eu = try #require(Partition("eu"))
    for (name, partition, isVisible) in [
      ("hub", .default, true), ("team-a-7", .default, true), ("team-b-7", .default, false),
      ("team-b-7", eu, true),
      ("hub", try #require(Partition("us")), false),
    ] as [(String, Partition, Bool)] {
      #expect(
        scope.allowsReading(try #require(PeerName(name)), in: partition) == isVisible,
        "\(name) in \(partition)")
    }
  }

  @Test func `a set without an anonymous block denies who brings nothing`() throws {
    let set = try policySet(#"policy "a" { peering = "write" }"#)
    let verdict = Judge.judge(
      try request("GET /v1/peering/hub"), connection: anywhere, policies: set, now: LoaderVectors.now)
    #expect(!Outcome(consume verdict).isAllowed)
  }

  @Test func `the literal secret anonymous is no token`() throws {
    #expect(try judge("GET /v1/peering/hub", secret: "anonymous").subject == "anonymous")
  }
}
