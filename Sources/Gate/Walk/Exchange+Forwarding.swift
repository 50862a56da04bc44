// What Consul is asked for a request that was permitted.

internal import Audit
internal import Consul
internal import HTTP
internal import Messages
internal import Peering
internal import Policy
internal import Record
internal import Sockets

extension Exchange {
  func forward(
    _ intent: consuming Intent, _ head: Fields
  ) async throws(Failure) -> UpstreamResponse {
    let usage = client.usage(of: intent.permit.subject, in: state.shares)
    content.count(for: usage)
    let isChange = intent.permit.request.operation.isChange
    let request = compose(intent, head)
    do throws(UpstreamFailure) {
      let response = try await state.upstream.ask(request, for: self, within: usage)
      if let event = state.upstreamHealth.noteAnswer(logger: state.logger) { state.ledger.enqueue(event) }
      return response
    } catch {
      noteUpstreamFailure(error)
      if isChange, case .reply(.noRoom) = error {
        throw .upstream(.nonsense("the reply to a change is longer than may be held"))
      }
      throw Failure(error)
    }
  }

  // Not inlined: see `report`.
  @inline(never)
  private func noteUpstreamFailure(_ failure: UpstreamFailure) {
    guard let event = state.upstreamHealth.noteFailure(failure, logger: state.logger) else { return }
    state.ledger.enqueue(event)
  }

  /// What Consul is sent. A blocking query then gives back what it can do without while it waits.
  private func compose(_ intent: consuming Intent, _ head: Fields) -> UpstreamRequest {
    let request = intent.permit.request
    let fields = client.fields(of: head, recorded: state.recording.fields, state.digester)
    let settings = state.upstream.settings
    if settings.secretSearch != nil { askedWith = settings }
    let forwarded = fields.forwarded(for: request.caller, to: settings, from: client.forwardedFor)
    let composed = UpstreamRequest(intent, fields: forwarded, id: id.shown)
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
  var waiter: Waiter { client.waiter }
  var clientStream: Stream { client.channel.stream }
  var isCondemned: Bool { client.isCondemned }

  var asking: UpstreamConversation? {
    get { client.asking }
    set { client.asking = newValue }
  }

  /// Other policies may have come while the request waited for its turn.
  func confirm(_ request: PeeringRequest) throws(UpstreamFailure) {
    guard state.policies.set !== policies.set else { return }
    do throws(Denial) {
      _ = try judge(request)
    } catch {
      throw .denied(error)
    }
  }

  func noteSending(to upstream: Entry.Upstream, again: Entry.Repetition?) { record.note(upstream, again) }

  func hasRoom(forReply bytes: Int, toChange isChange: Bool) -> Bool {
    content.tryReserve(reply: bytes, toChange: isChange)
  }
}
