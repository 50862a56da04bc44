// Replies of Consul's, cut down to what the caller may see.

internal import HTTP
internal import Peering
internal import Policy

enum ListFilter {
  /// Keeps the elements that `scope` allows, byte for byte. A body that is no list of peerings is refused: what
  /// cannot be understood cannot be filtered.
  static func filter(_ reply: UpstreamReply, scope: ListScope) throws(Failure) -> PeeringList {
    do throws(ListFault) {
      return try PeeringList.filter(reply.body) { peer, partition in
        scope.allowsReading(peer, in: partition)
      }
    } catch {
      throw .nonsense("\(error)")
    }
  }

  /// An error passes as it is, if it is nothing but one.
  static func checkError(_ reply: UpstreamReply) throws(Failure) {
    if reply.status.isSuccess { throw .nonsense("a reply to a list is a success, but not 200") }
    try ReplyCheck.checkError(reply)
  }
}
