// The walk of one request, top to bottom: the table of README.md as code.

internal import Bytes
internal import Consul
internal import HTTP
internal import Logging
internal import Messages
internal import Peering
internal import Policy
internal import Record
internal import Sockets

/// What a head asks for, of a caller who may ask.
enum Admitted: ~Copyable {
  case operation(Admission)
  case options(AllowedMethods)
}

/// One request and its answer. Each step takes what only the step before can make.
final class Exchange {
  let state: WorkerState
  let client: ConnectionContext
  /// The snapshot by which this request was judged last.
  var policies: PoliciesInForce
  private(set) var id: RequestID
  private let form: ResponseForm
  /// Nil without a head, and while Consul takes its time.
  var fields: CallerFields?
  var record: RecordDraft
  /// With whose token Consul was asked, if not with the caller's. Others may be in force when it answers.
  var askedWith: UpstreamSettings?
  /// What this exchange holds of the content that all may hold together.
  var content: BodyReservation

  /// `head` is nil for bytes that were no request.
  @inline(never)
  init(with client: ConnectionContext, of state: WorkerState, head: RequestHead?) {
    self.state = state
    self.client = client
    policies = state.policies
    content = BodyReservation(of: state.content)
    form = ResponseForm(head)
    fields = head.map { client.fields(of: $0.fields, recorded: state.recording.fields, state.digester) }
    id = RequestID(fields?.requestID, made: state.nextIdentifier())
    record = RecordDraft(
      id: id, head: head, words: fields?.words, secrets: fields?.secrets ?? .none,
      connection: client.recorded,
      digester: state.digester, began: .now)
  }

  /// Answers one request: when this returns, the response is pending, or has left.
  func run(_ head: consuming RequestHead) async {
    let answer: Response
    let fields = head.fields
    do throws(Failure) {
      switch try admit(head) {
      case .options(let allowed):
        record.noteOptions()
        return conclude(
          Response(allowing: allowed), as: RepeatedRefusal(optionsFrom: client.policyAttributes.source))
      case .operation(let admission):
        // Of the head, the fields alone are kept while Consul is asked.
        let body = try await receive(consume head, for: admission)
        let permit = try authorise(try canonicalise(consume admission, body))
        let intent = try await recordIntent(permit)
        answer = try await filter(try await forward(intent, fields))
      }
    } catch .unrecorded(let error) {
      return failClosed(error)
    } catch {
      return refuse(error)
    }
    // What Consul refused or could not do is of interest however little was asked for.
    conclude(answer, at: answer.status.isSuccess ? level : .full)
  }

  /// Answers what went wrong.
  func refuse(_ failure: Failure) {
    let outcome = Outcome(cause(of: failure)).hiding(record.secrets, digester: state.digester)
    record.note(reason: outcome.reason)
    conclude(
      outcome.answer,
      as: RepeatedRefusal(failure, from: client.policyAttributes.source, subject: record.subject))
  }

  /// Of too many that anybody can cause, the count is the record.
  private func conclude(_ answer: consuming Response, as repeated: RepeatedRefusal?) {
    record.complete(answer.status, at: .now)
    let pending = pend(answer)
    if state.recording.thinsRefusals, let repeated, state.ledger.count(repeated, of: record, for: pending) {
      return
    }
    state.ledger.append(record, at: .full, for: pending)
  }

  /// The intent could not be kept, so Consul was not asked. The record of that goes the way of the intent, without
  /// making the client wait a second time.
  private func failClosed(_ error: LedgerError) {
    let outcome = Outcome(.unrecorded(error))
    record.note(reason: outcome.reason)
    record.complete(outcome.answer.status, at: .now)
    state.ledger.enqueue(record)
    pend(outcome.answer).failClosed(error)
  }

  // MARK: The steps

  /// What the head decides is answered here, and no byte of the body is invited, read or held. Limits per subject belong
  /// here too.
  private func admit(_ head: RequestHead) throws(Failure) -> Admitted {
    if let fault = proofFault {
      noteCaller(head)
      throw .unproven(fault)
    }
    let call: PeeringHeadCall
    do throws(Refusal) {
      call = try PeeringRequestHead.parse(head, last: fields?.caller, hash: &state.hash)
    } catch {
      noteCaller(head)
      throw .refused(error)
    }
    switch call {
    case .options(let allowed): return .options(allowed)
    case .operation(let request):
      fields?.caller = request.caller
      return .operation(try admit(request))
    }
  }

  @inline(__always)
  private func receive(
    _ head: RequestHead, for admission: borrowing Admission
  ) async throws(Failure) -> [UInt8] {
    head.framing == .none ? [] : try await receiveBody(head, for: admission.head, of: admission.subject)
  }

  private func receiveBody(
    _ head: RequestHead, for request: PeeringRequestHead, of subject: Subject
  ) async throws(Failure) -> [UInt8] {
    let takesContent = request.operation.hasContent
    if !subject.isAnonymous { content.count(for: client.usage(of: subject, in: state.shares)) }
    do throws(MessageError) {
      if head.expectsContinue, !client.reader.isUnderWay {
        // Better said now than after the client has sent it.
        guard content.tryReserve(request: 1, isAnonymous: subject.isAnonymous) else {
          throw MessageError.noRoom
        }
        try await sendContinue()
      }
      return try await client.reader.body(
        of: head, within: state.limits.requestTimeout,
        hasRoom: {
          takesContent ? content.tryReserve(request: $0, isAnonymous: subject.isAnonymous) : $0 == 0
        })
    } catch {
      note(request, of: subject)
      if !takesContent, case .noRoom = error { throw .refused(.unexpectedBody(head.method)) }
      throw .request(error)
    }
  }

  private func canonicalise(
    _ admission: consuming Admission, _ body: [UInt8]
  ) throws(Failure) -> AdmittedRequest {
    let (head, subject) = (admission.head, admission.subject)
    do throws(Refusal) {
      let admitted = try admission.completed(by: body.span)
      record.note(admitted.request)
      admitted.request.withPeeringToken { token in
        var secret: ByteString?
        let facts = PeeringTokenFacts(token) { secret = $0 }
        hide(token, secret: secret)
        noteToken(token, facts)
      }
      return admitted
    } catch {
      note(head, of: subject)
      throw .refused(error)
    }
  }

  private func authorise(_ admitted: consuming AdmittedRequest) throws(Failure) -> Permit {
    let request = admitted.request
    // It can take long to send a body.
    try checkProof(of: admitted.subject)
    do throws(Denial) {
      guard state.policies.set === policies.set else { return try judge(request) }
      let now = Timestamp(seconds: WallClock.seconds)
      let verdict = Judge.judge(consume admitted, connection: client.policyAttributes, now: now)
      return try note(verdict, on: request, by: policies, now)
    } catch {
      throw .denied(error)
    }
  }

  @inline(__always)
  private func recordIntent(_ permit: consuming Permit) async throws(Failure) -> Intent {
    do throws(LedgerError) {
      return try await state.ledger.keep(
        state.ledger.append(permit, record, at: level), waitingIn: client.waiter)
    } catch {
      throw .unrecorded(error)
    }
  }

  /// The token itself goes no further than this.
  func noteToken(_ token: Span<UInt8>, _ facts: PeeringTokenFacts?) {
    record.note(tokenDigest: state.digester.digest(of: token), facts: facts)
  }

  /// A client that names itself or its request by the token that it spends.
  private func hide(_ token: Span<UInt8>, secret: ByteString?) {
    guard let fields else { return }
    var bytes: [UInt8] = []
    bytes.append(token)
    record.secrets = record.secrets.adding(PresentedPeeringToken(bytes: bytes, secret: secret))
    // A copy, since the identifier may change below.
    let shown = id.shown.bytes
    if record.secrets.stand(in: shown.span) { id = RequestID(nil, made: id.own) }
    let text = RecordedText(secrets: record.secrets, digester: state.digester)
    record.rename(CallerFields.words(of: fields.fields, recorded: state.recording.fields, as: text))
  }

  /// Records the outcome, and owes the client the answer: it leaves with its record, or not at all.
  private func conclude(_ answer: consuming Response, at level: RecordLevel = .full) {
    record.complete(answer.status, at: .now)
    state.ledger.append(record, at: level, for: pend(answer))
  }

  private func pend(_ answer: consuming Response) -> PendingResponse {
    if client.reader.hasUnreadBody, !form.outlivesUnreadBody || !client.reader.canDiscardBody {
      answer.closes = true
    }
    if proofFault != nil { answer.closes = true }
    let pending = PendingResponse(answer, to: form, of: self, by: state.ledger.deadline)
    client.pending = pending
    return pending
  }

  func didRecord(_ status: StatusCode) {
    if let difference = record.shadowDifference { state.counters.count(difference) }
    if state.observer != nil { report(status) }
  }

  @inline(never)
  private func report(_ status: StatusCode) { state.observer?(record.decision(status)) }

  private var level: RecordLevel { record.level(by: state.recording.levels) }

  private func sendContinue() async throws(MessageError) {
    client.channel.output.append(HeadWriter(response: .continue).finish())
    try await client.channel.flush(
      by: state.loop.now.advanced(by: state.limits.responseTimeout), during: .body)
  }
}
