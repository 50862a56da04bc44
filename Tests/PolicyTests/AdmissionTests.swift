// Who may ask at all, by the head of a request: before its body says for which name.
import Bytes
import Digests
import Peering
import Testing

@testable import Policy

struct AdmissionTests {
  private static func token(_ name: String, _ policies: String..., more: String = "") -> String {
    """
    token "\(name)" {
      accessor_id   = "00000000-0000-4000-8000-00000000000\(name.utf8.count)"
      secret_sha256 = ["\(SHA256.digest(of: name).hexadecimal)"]
      policies      = [\(policies.map { "\"\($0)\"" }.joined(separator: ", "))]
      \(more)
    }

    """
  }

  private static func set() throws -> PolicySet {
    try policySet(
      """
      policy "all"     { peering = "write" }
      policy "none"    { peering = "deny" }
      policy "reader"  { peering = "read" }
      policy "hub"     { peering "hub" { policy = "write" } }
      policy "eu"      { partition "eu" { peering_prefix "" { policy = "write" } } }
      policy "spoiler" { peering_prefix "" { policy = "deny" } }
      """ + "\n"
        + token("w", "all") + token("rr", "reader") + token("hhh", "hub", "reader")
        + token("wdwd", "all", "none") + token("eueue", "eu") + token("spoilt", "all", "spoiler")
        + token("sixteen", "all", more: "not_after = \"2026-11-22T12:00:00Z\"")
        + token("revokedd", "all", more: "revoked = true")
        + token("localonly", "all", more: "sources = [\"10.0.0.0/8\"]"))
  }

  private func admit(
    _ line: String, as secret: String?, fields: String = "", at now: String = "2026-11-22T11:59:59Z",
    from connection: PolicyAttributes = anywhere
  ) throws -> (name: String?, message: String?, reason: Denial.Reason?) {
    let verdict = Judge.admit(
      try requestHead(line, secret: secret, fields: fields), connection: connection, policies: try Self.set(),
      now: try Timestamp(testing: now))
    switch consume verdict {
    case .admission(let admission): return (admission.subject.name.string, nil, nil)
    case .denial(let denial):
      return (denial.subject?.name.string, String(decoding: denial.message, as: UTF8.self), denial.reason)
    }
  }

  @Test(arguments: ["POST /v1/peering/token", "POST /v1/peering/establish"])
  func `who could write some name may send a body`(line: String) throws {
    for secret in ["w", "hhh", "eueue"] {
      let outcome = try admit(line, as: secret)
      #expect(outcome.name == secret && outcome.message == nil, "\(secret)")
    }
  }

  @Test(arguments: ["POST /v1/peering/token", "POST /v1/peering/establish"])
  func `who can write nothing is told so, in Consul's words`(line: String) throws {
    for secret in ["rr", "wdwd", "spoilt"] {
      let outcome = try admit(line, as: secret)
      #expect(outcome.name == secret)
      #expect(outcome.reason == .grantsNothing)
      #expect(outcome.message?.hasPrefix("Permission denied: token with AccessorID '") == true)
      #expect(outcome.message?.hasSuffix("' lacks permission 'peering:write'") == true)
    }
    let anonymous = try admit(line, as: nil)
    #expect(
      anonymous.message
        == "Permission denied: anonymous token lacks permission 'peering:write'. The anonymous token is used "
        + "implicitly when a request does not specify a token.")
  }

  @Test func `a partition that the head names is the one that counts`() throws {
    let line = "POST /v1/peering/token"
    #expect(try admit("\(line)?partition=eu", as: "eueue").reason == nil)
    #expect(try admit(line, as: "eueue", fields: "X-Consul-Partition: eu\r\n").reason == nil)
    #expect(try admit("\(line)?partition=us", as: "eueue").reason == .grantsNothing)
    #expect(try admit("\(line)?partition=default", as: "eueue").reason == .grantsNothing)
    #expect(try admit("\(line)?partition=default", as: "w").reason == nil)
    #expect(try admit("\(line)?partition=eu", as: "w").reason == .grantsNothing)
  }

  @Test(arguments: [
    "POST /v1/peering/token", "GET /v1/peering/hub", "DELETE /v1/peering/hub", "GET /v1/peerings",
  ])
  func `a token that does not count is refused for everything`(line: String) throws {
    #expect(try admit(line, as: "nobody").reason == .unknownToken)
    #expect(try admit(line, as: "revokedd").reason == .tokenRevoked)
    #expect(try admit(line, as: "localonly").reason == .sourceNotAllowed)
    #expect(try admit(line, as: "sixteen").reason == nil)
    let expired = try admit(line, as: "sixteen", at: "2026-11-22T12:00:00Z")
    #expect(expired.reason == .tokenExpired)
    #expect(expired.name == "sixteen")
    #expect(expired.message == "ACL not found")
  }

  @Test(arguments: ["GET /v1/peering/hub", "DELETE /v1/peering/hub", "GET /v1/peerings"])
  func `what has no body is judged as a whole, and not here`(line: String) throws {
    for secret in ["rr", "wdwd", nil] { #expect(try admit(line, as: secret).reason == nil) }
  }

  @Test func `the judgement of the whole request stands beside the admission`() throws {
    let head = try requestHead("POST /v1/peering/token", secret: "hhh")
    func judge(_ name: String) throws -> Outcome {
      let verdict = Judge.admit(
        head, connection: anywhere, policies: try Self.set(), now: LoaderVectors.now)
      guard case .admission(let admission) = consume verdict else { throw Refusal.notServed }
      let admitted = try admission.completed(by: Array("{\"PeerName\":\"\(name)\"}".utf8).span)
      return Outcome(Judge.judge(admitted, connection: anywhere, now: LoaderVectors.now))
    }
    #expect(try judge("hub").isAllowed)
    let denied = try judge("other")
    #expect(denied.reason == .lacksPermission)
    #expect(denied.message?.hasSuffix("lacks permission 'peering:write' on \"other\"") == true)
  }

  @Test func `a token that expires while its body comes is refused`() throws {
    let verdict = Judge.admit(
      try requestHead("POST /v1/peering/token", secret: "sixteen"), connection: anywhere,
      policies: try Self.set(), now: try Timestamp(testing: "2026-11-22T11:59:59Z"))
    guard case .admission(let admission) = consume verdict else { throw Refusal.notServed }
    let admitted = try admission.completed(by: Array("{\"PeerName\":\"hub\"}".utf8).span)
    let outcome = Outcome(
      Judge.judge(admitted, connection: anywhere, now: try Timestamp(testing: "2026-11-22T12:00:00Z")))
    #expect(outcome.reason == .tokenExpired)
  }

  @Test func `shadow policies say what they would have done with a head that was refused`() throws {
    func shadow(_ line: String, as secret: String?) throws -> Shadow {
      Shadow(
        ofRefused: try requestHead(line, secret: secret), connection: anywhere, policies: try Self.set(),
        now: LoaderVectors.now)
    }
    let would = try shadow("POST /v1/peering/token", as: "hhh")
    #expect(would.difference == .wouldAllow)
    #expect(would.citation == #"p.hcl:4 peering "hub" { policy = "write" }"#)
    #expect(try shadow("POST /v1/peering/token", as: "rr").difference == .none)
    #expect(try shadow("POST /v1/peering/token", as: "rr").citation == "no rule grants it, whatever the name")
    #expect(try shadow("GET /v1/peering/hub", as: "rr").difference == .wouldAllow)
    #expect(try shadow("DELETE /v1/peering/hub", as: "rr").difference == .none)
    #expect(try shadow("GET /v1/peerings", as: "nobody").difference == .none)
  }
}
