// The walk of one request, top to bottom: the table of README.md as code.

internal import HTTP
internal import Logging
internal import Messages
internal import Peering
internal import Policy
internal import Sockets

/// One request and its answer. Each step takes what only the step before can make.
final class Exchange {
  let state: WorkerState
  let client: Client
  /// The snapshot this request is judged by, whatever is loaded meanwhile.
  private let policies: PoliciesInForce
  let id: RequestID
  private let form: ReplyForm
  /// Nil without a head, and while Consul takes its time.
  private var fields: CallerFields?
  private var record: RecordDraft
  /// What this exchange holds of the content that all may hold together.
  private var content: ContentShare

  /// `head` is nil for bytes that were no request.
  @inline(never)
  init(with client: Client, of state: WorkerState, head: RequestHead?) {
    self.state = state
    self.client = client
    policies = state.policies
    content = ContentShare(of: state.content)
    form = ReplyForm(head)
    fields = head.map { client.fields(of: $0.fields, recorded: state.recording.fields) }
    id = RequestID(fields, made: state.nextIdentifier())
    record = RecordDraft(id: id, head: head, fields: fields, client: client, began: .now)
  }

  /// Answers one request: when this returns, the client is owed the answer, or has it.
  func run(_ head: consuming RequestHead) async {
    let answer: Answer
    let fields = head.fields
    do throws(Failure) {
      let body = try await receive(head)
      // Of the head, the fields alone are kept while Consul is asked.
      switch try canonicalise(consume head, body) {
      case .options(let allowed):
        record.noteOptions()
        answer = Answer(allowing: allowed)
      case .operation(let request):
        let permit = try authorise(request)
        let intent = try await recordIntent(request)
        let scope = permit.scope
        let reply = try await forward(permit, intent, fields)
        answer = try filter(reply, of: request, by: scope)
      }
    } catch .unrecorded(let error) {
      return withhold(error)
    } catch {
      return refuse(error)
    }
    // What Consul refused or could not do is of interest however little was asked for.
    conclude(answer, at: answer.status.isSuccess ? level : .full)
  }

  /// Answers what went wrong.
  func refuse(_ failure: Failure) {
    let outcome = Outcome(failure)
    record.note(outcome)
    conclude(outcome.answer)
  }

  /// The intent could not be kept, so Consul was not asked. The record of that goes the way of the intent, without
  /// making the client wait a second time.
  private func withhold(_ error: LedgerError) {
    let outcome = Outcome(.unrecorded(error))
    record.note(outcome)
    record.complete(outcome.answer.status, at: .now)
    state.ledger.note(record.entry)
    owe(outcome.answer).settle(error)
  }

  // MARK: The steps

  @inline(__always)
  private func receive(_ head: RequestHead) async throws(Failure) -> [UInt8] {
    head.framing == .none ? [] : try await receiveBody(head)
  }

  private func receiveBody(_ head: RequestHead) async throws(Failure) -> [UInt8] {
    do throws(MessageError) {
      if head.expectsContinue, !client.reader.isUnderWay {
        // Better said now than after the client has sent it.
        guard content.holds(request: 1) else { throw MessageError.noRoom }
        try await sendContinue()
      }
      return try await client.reader.body(
        of: head, within: state.limits.requestTimeout, hasRoom: { content.holds(request: $0) })
    } catch {
      throw .request(error)
    }
  }

  private func canonicalise(_ head: RequestHead, _ body: [UInt8]) throws(Failure) -> PeeringCall {
    do throws(Refusal) {
      let call = try PeeringCall.parse(head, body: body.span, last: fields?.caller, hash: &state.hash)
      if case .operation(let request) = call {
        fields?.caller = request.caller
        record.note(request)
        request.withPeeringToken { noteToken($0) }
      }
      return call
    } catch {
      noteCaller(head)
      throw .refused(error)
    }
  }

  /// Who asks for what the gate does not serve is worth knowing, though nothing hangs on it. What is no credential
  /// names nobody.
  private func noteCaller(_ head: RequestHead) {
    do throws(Refusal) {
      let caller = try Caller.named(by: head.fields, last: fields?.caller, hash: &state.hash)
      record.note(caller: Judge.subject(caller, client.connection, policies.set), of: client)
    } catch {
      return
    }
  }

  private func authorise(_ request: PeeringRequest) throws(Failure) -> Permit {
    try judge(request, by: policies)
  }

  @inline(__always)
  private func recordIntent(_ request: PeeringRequest) async throws(Failure) -> IntentProof {
    request.operation.isChange ? try await recordChange() : state.ledger.noIntent()
  }

  // Not inlined: see `report`.
  @inline(never)
  private func recordChange() async throws(Failure) -> IntentProof {
    do throws(LedgerError) {
      return try await state.ledger.intent(
        state.ledger.enter(record.entry, at: level), waitingIn: client.place)
    } catch {
      throw .unrecorded(error)
    }
  }

  private func forward(
    _ permit: consuming Permit, _ intent: consuming IntentProof, _ fields: Fields
  ) async throws(Failure) -> UpstreamReply {
    let isChange = permit.request.operation.isChange
    let usage = client.usage(of: permit.subject, in: state.shares)
    content.count(for: usage)
    return try await state.upstream.ask(
      permit, intent: intent, as: { compose($0, fields) }, for: client, within: usage,
      hasRoom: { content.holds(reply: $0, toChange: isChange) })
  }

  /// What Consul is sent. A blocking query then gives back what it can do without while it waits.
  private func compose(_ request: PeeringRequest, _ head: Fields) -> UpstreamRequest {
    let fields = client.fields(of: head, recorded: state.recording.fields)
    let lines = fields.lines(for: request, to: state.upstream.settings, from: client.forwardedFor)
    let composed = UpstreamRequest(request, lines: lines, id: id)
    if request.blockingTime != nil { releaseMemory() }
    return composed
  }

  private func releaseMemory() {
    client.channel.releaseBuffers()
    client.releaseMemory()
    fields = nil
    record.releaseMemory()
  }

  /// A reply to a read that was waited for, or that new policies have overtaken, is judged anew by what holds now: a
  /// token revoked meanwhile gets 403. Of a change the caller learns what became of it.
  private func filter(
    _ reply: UpstreamReply, of request: PeeringRequest, by granted: ListScope?
  ) throws(Failure) -> Answer {
    var scope = granted
    let isOvertaken = request.blockingTime != nil || state.policies.set !== policies.set
    if isOvertaken, request.operation.access == .read {
      let permit = try judge(request, by: state.policies)
      scope = permit.scope
    }
    var answer = try Answer(relaying: reply)
    if request.operation == .generate, reply.status == .ok {
      GeneratedToken.withBytes(in: reply.body.span) { noteToken($0) }
    }
    guard let scope else { return answer }
    guard reply.status == .ok else {
      try ListFilter.checkError(reply)
      return answer
    }
    let list = try ListFilter.filter(reply, scope: scope)
    record.note(list)
    answer.body = list.body
    // Consul's own rule: an anonymous caller is not told that there is something it may not see.
    if list.removed > 0, !record.isAnonymous {
      answer.fields.append((.xConsulResultsFilteredByACLs, FieldValue(literal: "true")))
    }
    return answer
  }

  /// The token itself goes no further than this.
  private func noteToken(_ token: Span<UInt8>) {
    record.note(tokenDigest: state.digest(ofPeeringToken: token))
  }

  /// Records the outcome, and owes the client the answer: it leaves with its record, or not at all.
  private func conclude(_ answer: consuming Answer, at level: RecordLevel = .full) {
    record.complete(answer.status, at: .now)
    let owed = owe(answer)
    if level == .counted, let operation = record.operation {
      owed.settle(state.ledger.count(operation))
    } else {
      state.ledger.enter(record.entry, at: level, for: owed)
    }
  }

  private func owe(_ answer: consuming Answer) -> OwedAnswer {
    let owed = OwedAnswer(answer, to: form, of: self, by: state.ledger.deadline)
    client.owed = owed
    return owed
  }

  func didRecord(_ status: StatusCode) {
    if let difference = record.shadowDifference { state.counters.count(difference) }
    if state.observer != nil { report(status) }
  }

  @inline(never)
  private func report(_ status: StatusCode) { state.observer?(record.decision(status)) }

  private var level: RecordLevel { record.level(by: state.recording.levels) }

  private func judge(_ request: PeeringRequest, by policies: PoliciesInForce) throws(Failure) -> Permit {
    let now = Timestamp(seconds: WallClock.seconds)
    let verdict = Judge.judge(
      request, connection: client.connection, policies: policies.set, now: now)
    switch consume verdict {
    case .permit(let permit):
      record.note(permit, policies: policies.set, of: client)
      shadow(request, policies, now, isAllowed: true)
      return permit
    case .denial(let denial):
      record.note(denial, policies: policies.set, of: client)
      shadow(request, policies, now, isAllowed: false)
      throw .denied(denial)
    }
  }

  /// What the candidate would have decided: recorded and, with the answer, counted; and nothing else.
  private func shadow(
    _ request: PeeringRequest, _ policies: PoliciesInForce, _ now: Timestamp, isAllowed: Bool
  ) {
    guard let candidate = policies.candidate else { return }
    let shadow = Shadow(
      of: request, connection: client.connection, candidate: candidate, now: now, isAllowed: isAllowed)
    record.note(shadow, of: candidate)
  }

  private func sendContinue() async throws(MessageError) {
    client.channel.output.append(HeadWriter(response: .continue).finish())
    try await client.channel.flush(
      by: state.loop.now.advanced(by: state.limits.responseTimeout), during: .body)
  }
}
