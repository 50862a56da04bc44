// What Consul is asked for a request that was permitted.

internal import HTTP
internal import Messages
internal import Peering
internal import Policy

extension Exchange {
  func forward(
    _ intent: consuming Intent, _ fields: Fields
  ) async throws(Failure) -> UpstreamReply {
    let isChange = intent.permit.request.operation.isChange
    let usage = client.usage(of: intent.permit.subject, in: state.shares)
    content.count(for: usage)
    do throws(Failure) {
      let reply = try await state.upstream.ask(
        intent, as: { compose($0, fields) }, confirm: confirm, for: client, within: usage,
        hasRoom: { content.holds(reply: $0, toChange: isChange) })
      if let event = state.upstreamHealth.noteAnswer(logger: state.logger) { state.ledger.note(event) }
      return reply
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
    state.ledger.note(event)
  }

  /// What Consul is sent. A blocking query then gives back what it can do without while it waits.
  private func compose(_ request: PeeringRequest, _ head: Fields) -> UpstreamRequest {
    let fields = client.fields(of: head, recorded: state.recording.fields, state.digester)
    let lines = fields.lines(for: request, to: state.upstream.settings, from: client.forwardedFor)
    let composed = UpstreamRequest(request, lines: lines, id: id.shown)
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
