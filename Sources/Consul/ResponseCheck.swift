// Replies of Consul's that are no lists: whether they may be shown to who asked.

internal import HTTP
internal import Peering
internal import Sockets

enum ResponseCheck {
  /// A permit is for one peering, and a reply that is about another one, or about several, is not the reply to what was
  /// permitted: Consul, or what stands between, has mixed something up.
  static func check(_ reply: UpstreamMessage, of request: PeeringRequest) throws(UpstreamFailure) {
    try checkCondition(of: reply)
    if reply.status.isSuccess {
      guard reply.status == .ok || request.operation.access == .write else {
        throw .nonsense("a reply to a read is a success, but not 200")
      }
      do throws(PeeringReplyFault) {
        try PeeringResponse.check(reply.body.span, to: request)
      } catch {
        throw .nonsense("\(error)")
      }
    } else if request.operation.access == .read {
      try checkError(reply)
    }
  }

  /// The same of a long one. Between two turns, anyone else who is ready on `loop` is served.
  // Not inlined: its frame would be that of every request.
  @inline(never)
  static func check(
    _ reply: UpstreamMessage, of request: PeeringRequest, on loop: EventLoop
  ) async throws(UpstreamFailure) {
    guard reply.status.isSuccess else { return try check(reply, of: request) }
    var check = PeeringReplyCheck(for: request)
    while try !advance(&check, over: reply) { await loop.letOthersRun() }
  }

  private static func advance(
    _ check: inout PeeringReplyCheck, over reply: UpstreamMessage
  ) throws(UpstreamFailure) -> Bool {
    do throws(PeeringReplyFault) {
      return try check.advance(over: reply.body.span)
    } catch {
      throw .nonsense("\(error)")
    }
  }

  /// Consul has a fault by which an error's text is followed by the whole list (`Invalid index[{…`, blanks between
  /// with `pretty`), with the error's status. Our own checks keep Consul from getting there; if it does, nothing of
  /// it may pass.
  static func checkError(_ reply: UpstreamMessage) throws(UpstreamFailure) {
    try checkCondition(of: reply)
    switch PeeringResponse.carriesObjects(reply.body.span) {
    case true?: throw .nonsense("an error reply carries peerings")
    case false?: break
    case nil: throw .nonsense("an error reply is longer than \(PeeringLimits.shortReplyBytes) bytes")
    }
  }

  /// None is sent that could be met.
  private static func checkCondition(of reply: UpstreamMessage) throws(UpstreamFailure) {
    if reply.status == .notModified {
      throw .nonsense("a reply is 304, though nothing was asked under a condition")
    }
  }

  /// Whether an error's text may be shown to the caller, who may know of one peering and not of others. Of a change it is
  /// told what became of it, in whatever words but a list.
  static func isShown(_ error: [UInt8], to operation: Operation) -> Bool {
    operation.access == .read
      ? PeeringResponse.isSentence(error.span) : !PeeringResponse.carriesList(error.span)
  }

  /// What stands for a text that may not.
  static let sentence =
    "Consul's error is told by its status alone, since its text may be about other peerings: see the gate's audit log"
}
