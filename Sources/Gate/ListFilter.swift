// Replies of Consul's, cut down to what the caller may see.

internal import HTTP
internal import Peering
internal import Policy

/// A list that holds only what the permit's scope allows.
struct FilteredList {
  let body: [UInt8]
  let kept: Int
  let removed: Int
}

enum ListFilter {
  /// Keeps the elements that `scope` allows, byte for byte. A body that is no list of peerings is refused: what
  /// cannot be understood cannot be filtered.
  static func filter(_ reply: UpstreamReply, scope: ListScope) throws(Failure) -> FilteredList {
    do throws(PeeringListError) {
      let list = try PeeringList(reply.body) { name, partition in
        if let partition { scope.allowsReading(name, in: partition) } else { scope.allowsReading(name) }
      }
      return FilteredList(body: list.bytes, kept: list.kept, removed: list.removed)
    } catch {
      throw .nonsense("\(error)")
    }
  }

  /// Consul has a fault by which an error's text is followed by the whole list (`Invalid index[{…`), with the
  /// error's status. Our own checks keep Consul from getting there; if it does, nothing of it may pass.
  static func checkError(_ reply: UpstreamReply) throws(Failure) {
    let opening = Array("[{".utf8)
    let looksLikeList = zip(reply.body, reply.body.dropFirst()).contains { $0 == opening[0] && $1 == opening[1] }
    if looksLikeList { throw .nonsense("an error reply to a list carries a list") }
  }
}
