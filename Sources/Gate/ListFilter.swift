// Replies of Consul's, cut down to what the caller may see.

internal import HTTP
internal import Peering
internal import Policy

enum ListFilter {
  /// Keeps the elements that `scope` allows, byte for byte. A body that is no list of peerings is refused: what
  /// cannot be understood cannot be filtered.
  static func filter(_ reply: UpstreamReply, scope: ListScope, partition: Partition) throws(Failure)
    -> PeeringList
  {
    do throws(ListFault) {
      return try PeeringList.filter(reply.body, askedFor: partition) { peer, partition in
        scope.allowsReading(peer, in: partition)
      }
    } catch {
      throw .nonsense("\(error)")
    }
  }

  /// Consul has a fault by which an error's text is followed by the whole list (`Invalid index[{…`), with the
  /// error's status. Our own checks keep Consul from getting there; if it does, nothing of it may pass.
  static func checkError(_ reply: UpstreamReply) throws(Failure) {
    let opening = Array("[{".utf8)
    let looksLikeList = zip(reply.body, reply.body.dropFirst()).contains {
      $0 == opening[0] && $1 == opening[1]
    }
    if looksLikeList { throw .nonsense("an error reply to a list carries a list") }
  }
}
