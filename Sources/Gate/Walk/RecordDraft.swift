// What is known of a request so far, and the entries that are made of it.

internal import Audit
internal import Bytes
internal import HTTP
internal import Peering
internal import Policy
internal import Sockets

/// Filled in as the walk goes on. Only typed facts enter: no token and no body can.
struct RecordDraft: ~Copyable {
  /// The intent as long as `complete` has not been called, the outcome from then on.
  private(set) var entry: Entry
  private let began: Deadline
  private(set) var subject: Subject?
  private var rule: Rule?
  private var request: PeeringRequest?
  /// Of a request that is not known whole.
  private var head: PeeringRequestHead?
  /// Of the judgement that stands; nil without shadow policies.
  private(set) var shadowDifference: Shadow.Difference?
  /// What came with the request and must not stand in the record.
  var secrets: PresentedSecrets

  init(
    id: RequestID, head: RequestHead?, fields: CallerFields?, client: ConnectionContext,
    digester: TextDigester,
    began: Deadline
  ) {
    self.began = began
    let secrets = fields?.secrets ?? .none
    self.secrets = secrets
    // The path alone: a query may hold a secret, and a refused one is not parsed.
    entry = Entry(
      id: id.own.bytes, stage: .start, connection: client.recorded,
      request: head.map { head in
        RecordedTarget.asItCame(head, words: fields?.words, beside: secrets)
          ?? RecordedTarget(RecordedText(secrets: secrets, digester: digester)).request(
            head, words: fields?.words)
      } ?? Entry.Request(), decision: .init(.refuse))
  }

  /// Its body came with a secret that stood in its name or in the client's words.
  mutating func rename(_ words: Entry.Words) {
    entry.request.words = words
    if let request { note(request) }
  }

  var operation: Operation? { request?.operation }

  var isAnonymous: Bool { subject?.isAnonymous ?? true }

  /// How much of it is to be recorded once it went well; before it is one of the five, all.
  func level(by gate: RecordLevels) -> RecordLevel {
    guard let operation, let subject else { return .full }
    return subject.recordLevel(of: operation, by: gate)
  }

  mutating func note(_ request: PeeringRequest) {
    self.request = request
    note(request.operation, request.peer, request.partition)
  }

  /// Of a request whose body is not known: refused by its head, or without a body that can be read.
  mutating func note(_ head: PeeringRequestHead) {
    self.head = head
    let isDecided = !head.operation.hasContent
    note(head.operation, head.peer, head.statedPartition ?? (isDecided ? .default : nil))
  }

  private mutating func note(_ operation: Operation, _ peer: PeerName?, _ partition: Partition?) {
    let (name, access) = (operation.rawValue, operation.access.rawValue)
    var partition = partition?.name
    if let text = partition, secrets.contain(text.utf8.span) { partition = PresentedSecrets.mark }
    if let peer {
      peer.withBytes { peer in
        let isSecret = secrets.contain(peer)
        entry.peering =
          isSecret
          ? Entry.Peering(
            operation: name, peer: PresentedSecrets.mark.utf8.span, partition: partition, access: access)
          : Entry.Peering(operation: name, peer: peer, partition: partition, access: access)
      }
    } else {
      entry.peering = Entry.Peering(operation: name, peer: nil, partition: partition, access: access)
    }
  }

  /// Of the peering token that is made or spent.
  mutating func note(tokenDigest: String, facts: PeeringTokenFacts?) {
    entry.peering?.tokenDigest = tokenDigest
    entry.peering?.token = facts.map(Entry.PeeringToken.init) ?? .unclear
  }

  mutating func note(_ permit: borrowing Permit, policies: PolicySet, of client: ConnectionContext) {
    decide(.allow, subject: permit.subject, rule: permit.rule, policies, client)
  }

  mutating func note(_ denial: Denial, policies: PolicySet, of client: ConnectionContext) {
    decide(.deny, subject: denial.subject, rule: denial.rule, policies, client)
  }

  /// Whose token came with a request that was refused before it could be judged.
  mutating func note(caller: Subject?, of client: ConnectionContext) {
    subject = caller
    if let caller { entry.auth = client.auth(of: caller) } else { entry.auth = nil }
  }

  /// OPTIONS needs no right and discloses nothing.
  mutating func noteOptions() { entry.decision = .init(.allow) }

  mutating func note(_ list: PeeringList) {
    entry.peering?.kept = list.kept
    entry.peering?.removed = list.removed
  }

  mutating func note(_ shadow: Shadow, by policies: PolicySet) {
    shadowDifference = shadow.difference
    entry.shadow = Entry.Shadow(
      difference: shadow.difference.rawValue, rule: shadow.citation, policyDigest: policies.digestText)
  }

  /// Consul is asked; once more, if there is a reason for that.
  mutating func note(_ upstream: Entry.Upstream, _ repetition: Entry.Repetition?) {
    entry.upstream = upstream
    entry.repetition = repetition
  }

  /// Consul was asked, and did not do it.
  mutating func note(_ reason: ConsulReason) { entry.reason = reason.text }

  mutating func note(_ outcome: Outcome) { entry.reason = Array(outcome.reason.utf8) }

  mutating func complete(_ status: StatusCode, at now: Deadline) {
    entry.stage = .complete(status: Int(status.rawValue))
    entry.durationMicroseconds = began.distance(to: now) / 1_000
  }

  /// Gives back what is kept for nothing. For a request that waits for long: others are gone sooner than that is done.
  mutating func releaseMemory() {
    entry.releaseMemory()
    secrets = PresentedSecrets(credential: request?.caller.credential)
  }

  func decision(_ status: StatusCode) -> DecisionReport {
    DecisionReport(
      subject: subject?.name.string, operation: (operation ?? head?.operation)?.rawValue,
      peer: shown((request?.peer ?? head?.peer)?.text),
      partition: shown((request?.partition ?? head?.statedPartition)?.name),
      method: String(decoding: entry.request.method, as: UTF8.self),
      path: Array(entry.request.endpoint), outcome: entry.decision.outcome, rule: rule?.citation,
      reason: entry.reason, status: Int(status.rawValue), kept: entry.peering?.kept,
      removed: entry.peering?.removed, microseconds: entry.durationMicroseconds ?? 0)
  }

  private func shown(_ text: String?) -> String? {
    guard let text, secrets.contain(text.utf8.span) else { return text }
    return PresentedSecrets.mark
  }

  private mutating func decide(
    _ outcome: Entry.Decision.Outcome, subject: Subject?, rule: Rule?, _ policies: PolicySet,
    _ client: ConnectionContext
  ) {
    note(caller: subject, of: client)
    self.rule = rule
    entry.decision = .init(outcome, rule: rule?.quotedCitation, policyDigest: policies.quotedDigest)
  }
}

extension Entry.PeeringToken {
  fileprivate init(_ facts: PeeringTokenFacts) {
    self.init(
      datacenter: facts.datacenter.string, partition: facts.partition.string,
      serverName: facts.serverName.string, peerID: facts.peerID.string,
      addresses: facts.addresses.map(\.string), moreAddresses: facts.moreAddresses,
      authorityDigests: facts.authorityDigests)
  }
}
