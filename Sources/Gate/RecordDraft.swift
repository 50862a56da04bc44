// What is known of a request so far, and the entries that are made of it.

internal import Audit
internal import HTTP
internal import Peering
internal import Policy
internal import Sockets

/// Filled in as the walk goes on. Only typed facts enter: no token and no body can.
struct RecordDraft: ~Copyable {
  /// The intent as long as `complete` has not been called, the outcome from then on.
  private(set) var entry: Entry
  private let began: Deadline
  private var subject: Subject?
  private var rule: Rule?
  private(set) var operation: Operation?
  /// Of the judgement that stands; nil without candidate policies.
  private(set) var shadowDifference: Shadow.Difference?

  init(
    id: RequestID, head: RequestHead?, client: Client, began: Deadline, fields: [RecordableField]
  ) {
    self.began = began
    // The path alone: a query may hold a secret, and a refused one is not parsed.
    entry = Entry(
      id: id.field.bytes, stage: .start,
      request: Entry.Request(
        method: head?.methodBytes ?? [], endpoint: head?.path ?? [], remoteAddress: client.remoteAddress),
      decision: .init(.refuse))
    entry.tls = client.tls
    guard let head else { return }
    entry.request.userAgent = head.fields[.userAgent]?.bytes
    entry.request.host = head.fields[.host]?.bytes
    for field in fields {
      if let value = head.fields[field] {
        entry.request.headers.append(.init(name: field.name, value: value))
      }
    }
  }

  var isAnonymous: Bool { subject?.isAnonymous ?? true }

  /// How much of it is to be recorded once it went well; before it is one of the five, all.
  func level(by gate: RecordLevels) -> RecordLevel {
    guard let operation, let subject else { return .full }
    return subject.recordLevel(of: operation, by: gate)
  }

  mutating func note(_ request: PeeringRequest) {
    operation = request.operation
    entry.peering = Entry.Peering(
      operation: request.operation.rawValue, peer: request.peer?.text, partition: request.partition.name,
      access: request.operation.access.rawValue)
  }

  /// Of the peering token that is made or spent.
  mutating func note(tokenDigest: String) { entry.peering?.tokenDigest = tokenDigest }

  mutating func note(_ permit: borrowing Permit, policies: PolicySet) {
    decide(.allow, subject: permit.subject, rule: permit.rule, policies)
  }

  mutating func note(_ denial: Denial, policies: PolicySet) {
    decide(.deny, subject: denial.subject, rule: denial.rule, policies)
  }

  /// Whose token came with a request that was refused before it could be judged.
  mutating func note(caller: Subject?) {
    subject = caller
    entry.auth = caller.map { Entry.Auth(accessorID: $0.quotedAccessorID, tokenName: $0.quotedName) }
  }

  /// OPTIONS needs no right and discloses nothing.
  mutating func noteOptions() { entry.decision = .init(.allow) }

  mutating func note(_ list: PeeringList) {
    entry.peering?.kept = list.kept
    entry.peering?.removed = list.removed
  }

  mutating func note(_ shadow: Shadow, of candidate: PolicySet) {
    shadowDifference = shadow.difference
    entry.shadow = Entry.Shadow(
      difference: shadow.difference.rawValue, rule: shadow.citation, policyDigest: candidate.digestText)
  }

  mutating func note(_ outcome: Outcome) { entry.reason = Array(outcome.reason.utf8) }

  mutating func complete(_ status: StatusCode, at now: Deadline) {
    entry.stage = .complete(status: Int(status.rawValue))
    entry.durationMicroseconds = began.distance(to: now) / 1_000
  }

  func decision(_ status: StatusCode) -> DecisionReport {
    DecisionReport(
      subject: subject?.name, operation: entry.peering?.operation, peer: entry.peering?.peer,
      partition: entry.peering?.partition, method: String(decoding: entry.request.method, as: UTF8.self),
      path: Array(entry.request.endpoint), outcome: entry.decision.outcome, rule: rule?.citation,
      reason: entry.reason, status: Int(status.rawValue), kept: entry.peering?.kept,
      removed: entry.peering?.removed, microseconds: entry.durationMicroseconds ?? 0)
  }

  private mutating func decide(
    _ outcome: Entry.Decision.Outcome, subject: Subject?, rule: Rule?, _ policies: PolicySet
  ) {
    note(caller: subject)
    self.rule = rule
    entry.decision = .init(outcome, rule: rule?.quotedCitation, policyDigest: policies.quotedDigest)
  }
}
