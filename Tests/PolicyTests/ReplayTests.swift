// Audit lines asked again.
import Bytes
import Peering
import Testing

@testable import Policy

struct ReplayTests {
  private static let accessor = "6a1253d2-1785-24fd-91c2-f8e78c745511"

  private let policies: PolicySet

  init() throws {
    policies = try policySet(
      """
      policy "a" {
        peering_prefix "team-" { policy = "read" }
      }
      token "ci" {
        accessor_id   = "\(Self.accessor)"
        secret_sha256 = ["af86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]
        policies      = ["a"]
        not_after     = "2027-01-01T00:00:00Z"
        sources       = ["10.0.0.0/8"]
      }
      """)
  }

  private func line(
    _ operation: String, _ peer: String?, _ outcome: String, accessor: String? = Self.accessor,
    id: String = "1",
    stage: String = "OperationComplete", at: String = "2026-11-22T12:00:00.123456Z",
    from: String = "10.1.2.3:555"
  ) -> String {
    let auth = accessor.map { #""auth":{"accessor_id":"\#($0)","description":"ci"},"# } ?? ""
    let peer = peer.map { #""peer":"\#($0)","# } ?? ""
    return #"{"created_at":"\#(at)","event_type":"audit","payload":{"id":"\#(id)","#
      + auth + #""request":{"remote_addr":"\#(from)"},"stage":"\#(stage)","#
      + #""peering":{"operation":"\#(operation)",\#(peer)"partition":"default","access":"read"},"#
      + #""decision":{"outcome":"\#(outcome)","rule":"old.hcl:1 peering = \"write\""}}"# + recordEnd
  }

  private func replay(_ lines: [String]) -> Replay {
    var replay = Replay(through: policies)
    for line in lines { replay.read(line.utf8.span) }
    replay.finish()
    return replay
  }

  @Test func `what stays as it was is counted and nothing more`() {
    let replay = replay([
      line("read", "team-1", "allow"), line("delete", "team-1", "deny"), line("list", nil, "allow"),
    ])
    #expect(replay.decisionCount == 3)
    #expect(replay.changeCount == 0)
    #expect(replay.groups.isEmpty)
  }

  @Test func `changes are grouped by what decided, what would, and for whom`() throws {
    let replay = replay([
      line("delete", "team-1", "allow", id: "1"), line("delete", "team-2", "allow", id: "2"),
      line("read", "x", "allow", id: "3"), line("read", "team-3", "deny", id: "4"),
    ])
    #expect(replay.changeCount == 4)
    let groups = replay.groups.sorted { $0.key < $1.key }
    #expect(groups.map(\.key.direction) == [.allowToDeny, .allowToDeny, .denyToAllow])
    #expect(groups.map(\.value.count) == [1, 2, 1])
    #expect(groups[0].key.after == "no rule matches")
    #expect(groups[1].key.before == #"old.hcl:1 peering = "write""#)
    #expect(groups[1].key.after == #"p.hcl:2 peering_prefix "team-" { policy = "read" }"#)
    #expect(groups[1].value.line == 1)
    #expect("\(groups[1].value.question)" == "delete team-1")
  }

  @Test func `both stages of one request are one decision, and an intent without its end is one too`() {
    let replay = replay([
      line("delete", "team-1", "allow", stage: "OperationStart"), line("delete", "team-1", "allow"),
      line("delete", "team-2", "allow", id: "2", stage: "OperationStart"),
    ])
    #expect(replay.decisionCount == 2)
    #expect(replay.changeCount == 2)
  }

  @Test func `requests are judged at the time and from the place of the record`() {
    #expect(replay([line("read", "team-1", "allow", at: "2027-01-01T00:00:00.000000Z")]).changeCount == 1)
    #expect(replay([line("read", "team-1", "allow", at: "2026-12-31T23:59:59.999999Z")]).changeCount == 0)
    #expect(replay([line("read", "team-1", "allow", from: "11.1.2.3:555")]).changeCount == 1)
    #expect(replay([line("read", "team-1", "allow", from: "[::ffff:10.0.0.1]:555")]).changeCount == 0)
  }

  @Test func `a token that the asked policies lack is denied`() throws {
    let replay = replay([line("read", "team-1", "allow", accessor: "7a1253d2-1785-24fd-91c2-f8e78c745511")])
    #expect(replay.groups.keys.first?.after == "no token has this accessor_id")
  }

  @Test func `other lines are counted apart`() {
    let replay = replay([
      "", "not json", "[]",
      #"{"created_at":"x","event_type":"audit-checkpoint","payload":{}"# + recordEnd,
      line("read", "team-1", "refuse"),
      line("read", "Team", "allow"), line("read", nil, "allow"), line("list", "x", "allow"),
      line("read", "team-1", "deny", accessor: nil),
    ])
    #expect(replay.decisions.brokenLines == [2, 3] && replay.decisions.brokenCount == 2)
    #expect(replay.decisions.noRequestCount == 1 && replay.decisions.refusedCount == 1)
    #expect(replay.decisions.otherCount == 3)
    #expect(replay.unknownTokenCount == 1)
    #expect(replay.decisionCount == 0)
  }

  @Test func `certificate names of the record count`() throws {
    let line =
      #"{"created_at":"2026-11-22T12:00:00Z","event_type":"audit","payload":{"id":"1","stage":"OperationComplete","#
      + #""tls":{"names":["web.example.org","spiffe://a/b"]},"peering":{"operation":"list"},"#
      + #""decision":{"outcome":"allow"}}"# + recordEnd
    let request = try AuditedRequest(line.utf8.span)
    #expect(request.connection.uris.map(\.text) == ["spiffe://a/b"])
    #expect(request.connection.dnsNames.map(\.text) == ["web.example.org"])
    #expect(request.question == Question(operation: .list, peer: nil))
  }
}
