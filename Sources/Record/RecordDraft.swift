// What is known of a request so far, and the entries that are made of it.

package import Audit
internal import Bytes
package import HTTP
package import Peering
package import Policy
package import Sockets

/// Filled in as the walk goes on. Only typed facts enter: no token and no body can.
package struct RecordDraft: ~Copyable {
  /// The intent as long as `complete` has not been called, the outcome from then on.
  package private(set) var entry: Entry
  private let began: Deadline
  package private(set) var subject: Subject?
  private var rule: Rule?
  private var request: PeeringRequest?
  /// Of a request that is not known whole.
  private var head: PeeringRequestHead?
  /// Of the judgement that stands; nil without shadow policies.
  package private(set) var shadowDifference: Shadow.Difference?
  /// What came with the request and must not stand in the record.
  package var secrets: PresentedSecrets
  /// Consul may have been asked for a change.
  private(set) var isOfPermittedChange = false

  /// - Parameters:
  ///   - head: nil for bytes that were no request.
  ///   - words: what is recorded of the head's fields.
  package init(
    id: RequestID, head: RequestHead?, words: Entry.Words?, secrets: PresentedSecrets,
    connection: Entry.Connection, digester: TextDigester, began: Deadline
  ) {
    self.began = began
    self.secrets = secrets
    // The path alone: a query may hold a secret, and a refused one is not parsed.
    entry = Entry(
      id: id.own.bytes, stage: .start, connection: connection,
      request: head.map { head in
        RecordedTarget.asItCame(head, words: words, beside: secrets)
          ?? RecordedTarget(RecordedText(secrets: secrets, digester: digester)).request(
            head, words: words)
      } ?? Entry.Request(), decision: .init(.refuse))
  }

  /// Its body came with a secret that stood in its name or in the client's words.
  package mutating func rename(_ words: Entry.Words) {
    entry.request.words = words
    if let request { note(request) }
  }

  package var operation: Operation? { request?.operation }

  package var isAnonymous: Bool { subject?.isAnonymous ?? true }

  /// How much of it is to be recorded once it went well; before it is one of the five, all.
  package func level(by gate: RecordLevels) -> RecordLevel {
    guard let operation, let subject else { return .full }
    return subject.recordLevel(of: operation, by: gate)
  }

  package mutating func note(_ request: PeeringRequest) {
    self.request = request
    note(request.operation, request.peer, request.partition)
  }

  /// Of a request whose body is not known: refused by its head, or without a body that can be read.
  package mutating func note(_ head: PeeringRequestHead) {
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
  package mutating func note(tokenDigest: String, facts: PeeringTokenFacts?) {
    entry.peering?.tokenDigest = tokenDigest
    entry.peering?.token = facts.map(Entry.PeeringToken.init) ?? .unclear
  }

  package mutating func note(_ permit: borrowing Permit, policies: PolicySet, as auth: Entry.Auth) {
    isOfPermittedChange = permit.request.operation.isChange
    decide(.allow, subject: permit.subject, rule: permit.rule, policies, auth)
  }

  package mutating func note(_ denial: Denial, policies: PolicySet, as auth: Entry.Auth?) {
    decide(.deny, subject: denial.subject, rule: denial.rule, policies, auth)
  }

  /// Whose token came with a request that was refused before it could be judged.
  package mutating func note(caller: Subject?, as auth: Entry.Auth?) {
    subject = caller
    entry.auth = auth
  }

  /// OPTIONS needs no right and discloses nothing.
  package mutating func noteOptions() { entry.decision = .init(.allow) }

  package mutating func note(_ list: PeeringList) {
    entry.peering?.kept = list.kept
    entry.peering?.removed = list.removed
  }

  package mutating func note(_ shadow: Shadow, by policies: PolicySet) {
    shadowDifference = shadow.difference
    entry.shadow = Entry.Shadow(
      difference: shadow.difference.rawValue, rule: shadow.citation, policyDigest: policies.digestText)
  }

  /// Consul is asked; once more, if there is a reason for that.
  package mutating func note(_ upstream: Entry.Upstream, _ repetition: Entry.Repetition?) {
    entry.upstream = upstream
    entry.repetition = repetition
  }

  /// Consul was asked, and did not do it.
  package mutating func note(_ reason: ConsulReason) { entry.reason = reason.text }

  package mutating func note(reason: String) { entry.reason = Array(reason.utf8) }

  /// What became of it.
  package mutating func complete(_ status: StatusCode, at now: Deadline) {
    entry.stage = .complete(status: Int(status.rawValue))
    entry.durationMicroseconds = began.distance(to: now) / 1_000
  }

  /// Gives back what is kept for nothing. For a request that waits for long: others are gone sooner than that is done.
  package mutating func releaseMemory() {
    entry.releaseMemory()
    secrets = PresentedSecrets(credential: request?.caller.credential)
  }

  package func decision(_ status: StatusCode) -> DecisionReport {
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
    _ auth: Entry.Auth?
  ) {
    note(caller: subject, as: auth)
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
