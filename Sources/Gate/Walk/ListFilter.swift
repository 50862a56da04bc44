// Replies of Consul's, cut down to what the caller may see.

internal import HTTP
internal import Peering
internal import Policy
internal import Sockets

enum ListFilter {
  /// Keeps the elements that `scope` allows, byte for byte. A body that is no list of peerings is refused: what
  /// cannot be understood cannot be filtered. Between two turns of a long one, anyone else who is ready on `loop` is served.
  static func filter(
    _ reply: UpstreamMessage, scope: ListScope, on loop: EventLoop
  ) async throws(Failure) -> PeeringList {
    var filter = PeeringListFilter(reply.body)
    while true {
      do throws(ListFault) {
        let list = try filter.advance { peer, partition in scope.allowsReading(peer, in: partition) }
        if let list { return list }
      } catch {
        throw .nonsense("\(error)")
      }
      await loop.letOthersRun()
    }
  }

  /// An error passes as it is, if it is nothing but one.
  static func checkError(_ reply: UpstreamMessage) throws(Failure) {
    if reply.status.isSuccess { throw .nonsense("a reply to a list is a success, but not 200") }
    try ResponseCheck.checkError(reply)
  }
}
