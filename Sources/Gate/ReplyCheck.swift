// Replies of Consul's that are no lists: whether they may be shown to who asked.

internal import HTTP
internal import Peering

enum ReplyCheck {
  /// A permit is for one peering, and a reply that is about another one, or about several, is not the reply to what was
  /// permitted: Consul, or whoever stands between, has mixed something up.
  static func check(_ reply: UpstreamReply, of request: PeeringRequest) throws(Failure) {
    if reply.status.isSuccess {
      do throws(PeeringReplyFault) {
        try PeeringReply.check(reply.body.span, to: request)
      } catch {
        throw .nonsense("\(error)")
      }
    } else if request.operation.access == .read {
      try checkError(reply)
    }
  }

  /// Consul has a fault by which an error's text is followed by the whole list (`Invalid index[{…`, blanks between
  /// with `pretty`), with the error's status. Our own checks keep Consul from getting there; if it does, nothing of
  /// it may pass.
  static func checkError(_ reply: UpstreamReply) throws(Failure) {
    if PeeringReply.carriesObjects(reply.body.span) { throw .nonsense("an error reply carries peerings") }
  }
}
