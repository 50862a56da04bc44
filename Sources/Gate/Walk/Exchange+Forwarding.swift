// What Consul is asked for a request that was permitted.

internal import Audit
internal import HTTP
internal import Messages
internal import Peering
internal import Policy
internal import Record

extension Exchange {
  func forward(
    _ intent: consuming Intent, _ head: Fields
  ) async throws(Failure) -> UpstreamResponse {
    let usage = client.usage(of: intent.permit.subject, in: state.shares)
    content.count(for: usage)
    let isChange = intent.permit.request.operation.isChange
    let request = compose(intent, head)
    do throws(Failure) {
      let response = try await state.upstream.ask(request, for: self, within: usage)
      if let event = state.upstreamHealth.noteAnswer(logger: state.logger) { state.ledger.enqueue(event) }
      return response
    } catch {
      noteUpstreamFailure(error)
      if isChange, case .reply(.noRoom) = error {
        throw .nonsense("the reply to a change is longer than may be held")
      }
      throw error
    }
  }

  // Not inlined: see `report`.
  @inline(never)
  private func noteUpstreamFailure(_ failure: Failure) {
    guard let event = state.upstreamHealth.noteFailure(failure, logger: state.logger) else { return }
    state.ledger.enqueue(event)
  }

  /// What Consul is sent. A blocking query then gives back what it can do without while it waits.
  private func compose(_ intent: consuming Intent, _ head: Fields) -> UpstreamRequest {
    let request = intent.permit.request
    let fields = client.fields(of: head, recorded: state.recording.fields, state.digester)
    let settings = state.upstream.settings
    if settings.secretSearch != nil { askedWith = settings }
    let lines = fields.lines(for: request, to: settings, from: client.forwardedFor)
    let composed = UpstreamRequest(intent, lines: lines, id: id.shown)
    if request.blockingTime != nil { releaseMemory() }
    return composed
  }

  private func releaseMemory() {
    client.channel.releaseBuffers()
    client.releaseMemory()
    fields = nil
    record.releaseMemory()
  }
}

extension Exchange: UpstreamCaller {
  /// Other policies may have come while the request waited for its turn.
  func confirm(_ request: PeeringRequest) throws(Failure) {
    guard state.policies.set !== policies.set else { return }
    _ = try judge(request)
  }

  func noteSending(to upstream: Entry.Upstream, again: Entry.Repetition?) { record.note(upstream, again) }

  func hasRoom(forReply bytes: Int, toChange isChange: Bool) -> Bool {
    content.tryReserve(reply: bytes, toChange: isChange)
  }
}
