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

  /// Consul has a fault by which an error's text is followed by the whole list (`Invalid index[{…`, blanks between
  /// with `pretty`), with the error's status. Our own checks keep Consul from getting there; if it does, nothing of
  /// it may pass.
  static func checkError(_ reply: UpstreamReply) throws(Failure) {
    if reply.status.isSuccess { throw .nonsense("a reply to a list is a success, but not 200") }
    var isInArray = false
    for byte in reply.body {
      switch byte {
      case UInt8(ascii: "["): isInArray = true
      case UInt8(ascii: "{") where isInArray: throw .nonsense("an error reply to a list carries a list")
      case 0x20, 0x09, 0x0A, 0x0D: continue
      default: isInArray = false
      }
    }
  }
}
