// What a request asks for, as far as its head says so: enough to refuse it before its body is read.

package import Digests
package import HTTP

/// What a head on one of the five resources turned out to be.
package enum PeeringHeadCall: Sendable {
  case operation(PeeringRequestHead)
  /// OPTIONS: 200, no content, `Allow`. Needs no right, discloses nothing.
  case options(AllowedMethods)
}

/// Made from a request head alone, by `parse`, and completed by the body: see `PeeringRequest`. A class, because two
/// steps of the walk hold it, one of which waits for the body.
package final class PeeringRequestHead: Sendable {
  package let operation: Operation
  /// nil for a list, and for the two operations whose body names the peer.
  package let peer: PeerName?
  package let query: QueryParameters
  package let caller: Caller
  /// What query and fields say of the partition; the body can say it too.
  let partitions: PartitionStatements

  /// The partition, if the head says which: then the body can only repeat it.
  package var statedPartition: Partition? { partitions.stated }

  /// The partition, as long as no body says another.
  var partition: Partition { partitions.agreed }

  /// Reads a head. The order of checks is Consul's: path, method, then the query.
  ///
  /// - Parameters:
  ///   - last: who sent the request before on the same connection, if that is still known.
  ///   - hash: used for the digest of the credential, and left ready.
  package static func parse(
    _ head: RequestHead, last: Caller? = nil, hash: inout SHA256
  ) throws(Refusal) -> PeeringHeadCall {
    let route = try Route(head)
    if case .options(let allowed) = route { return .options(allowed) }
    return .operation(try PeeringRequestHead(route, head, last: last, hash: &hash))
  }

  private init(
    _ route: Route, _ head: RequestHead, last: Caller?, hash: inout SHA256
  ) throws(Refusal) {
    var partitions = PartitionStatements()
    query = try QueryParameters.parse(head.query?[...], partitions: &partitions)
    if let value = head.fields[.xConsulPartition] {
      guard head.fields.occurrences(of: .xConsulPartition) == 1 else {
        throw .repeatedField(.xConsulPartition)
      }
      try partitions.add(value.bytes.span, in: .field)
    }
    self.partitions = partitions
    caller = try Caller.named(by: head.fields, last: last, hash: &hash)
    switch route {
    case .generate: (operation, peer) = (.generate, nil)
    case .establish: (operation, peer) = (.establish, nil)
    case .read(let name): (operation, peer) = (.read, name)
    case .delete(let name): (operation, peer) = (.delete, name)
    case .list: (operation, peer) = (.list, nil)
    case .options(let allowed): throw .methodNotAllowed(.options, allowed)
    }
    if !operation.hasContent, Self.announcesContent(head) { throw .unexpectedBody(head.method) }
  }

  /// Whether content is certain to follow; a chunked body can turn out to be empty. RFC 9110 10.1.1: without content
  /// there is nothing to expect an invitation for.
  private static func announcesContent(_ head: RequestHead) -> Bool {
    switch head.framing {
    case .none: false
    case .chunked: head.expectsContinue
    case .length, .untilClose: true
    }
  }
}

// Neither the credential nor the fields show.
extension PeeringRequestHead: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "\(operation) \(peer.map(\.text) ?? "*")" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
