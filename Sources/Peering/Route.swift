// Which of the five a path and a method name.

import HTTP

/// The methods of one resource, spelt as Consul spells them in `Allow`.
package enum AllowedMethods: Sendable, Hashable {
  case post, getAndDelete, get

  package var spelling: StaticString {
    switch self {
    case .post: "OPTIONS,POST"
    case .getAndDelete: "OPTIONS,GET,DELETE"
    case .get: "OPTIONS,GET"
    }
  }
}

/// A path that is served, together with a method that it has. Paths are compared byte by byte: nothing is
/// decoded, cleaned or folded, so no second spelling leads anywhere.
enum Route {
  case generate
  case establish
  case read(PeerName)
  case delete(PeerName)
  case list
  case options(AllowedMethods)

  init(_ head: RequestHead) throws(Refusal) {
    let path = head.path.span
    if path.equals("/v1/peerings") {
      self = try Self.only(.get, .list, allowing: .get, head)
    } else if path.equals("/v1/peering/token") {
      self = try Self.only(.post, .generate, allowing: .post, head)
    } else if path.equals("/v1/peering/establish") {
      self = try Self.only(.post, .establish, allowing: .post, head)
    } else if path.count >= 12, path.extracting(first: 12).equals("/v1/peering/") {
      self = try Self.onPeer(head, name: path.extracting(droppingFirst: 12))
    } else {
      throw .notServed
    }
  }

  private static func only(
    _ method: Method, _ route: Route, allowing allowed: AllowedMethods, _ head: RequestHead
  ) throws(Refusal) -> Route {
    if head.method == .options { return .options(allowed) }
    guard head.method == method else { throw .methodNotAllowed(head.method, allowed) }
    return route
  }

  /// The method is looked at before the name, as Consul does.
  private static func onPeer(_ head: RequestHead, name: Span<UInt8>) throws(Refusal) -> Route {
    guard [.get, .delete, .options].contains(head.method) else {
      throw .methodNotAllowed(head.method, .getAndDelete)
    }
    if name.isEmpty { throw .missingName }
    guard let peer = PeerName(name) else { throw .invalidNameInPath(QuotedInput(name)) }
    switch head.method {
    case .get: return .read(peer)
    case .delete: return .delete(peer)
    default: return .options(.getAndDelete)
    }
  }
}
