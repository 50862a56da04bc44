// One of the five operations, as a value: everything that is judged, and everything that is sent.

import Bytes
package import Digests
package import HTTP
import JSON

/// What a request on one of the five resources turned out to be.
package enum PeeringCall: Sendable {
  case operation(PeeringRequest)
  /// OPTIONS: 200, no content, `Allow`. Needs no right, discloses nothing.
  case options(AllowedMethods)

  /// Reads a whole request. The order of checks is Consul's: path, method, query, then the body.
  ///
  /// - Parameters:
  ///   - body: all of it, after its transfer coding was removed.
  ///   - last: who sent the request before on the same connection, if that is still known.
  ///   - hash: used for the digest of the credential, and left ready.
  package static func parse(
    _ head: RequestHead, body: Span<UInt8>, last: Caller? = nil, hash: inout SHA256
  ) throws(Refusal) -> PeeringCall {
    let route = try Route(head)
    if case .options(let allowed) = route { return .options(allowed) }
    return .operation(try PeeringRequest(route, head, body: body, last: last, hash: &hash))
  }

  package static func parse(_ head: RequestHead, body: Span<UInt8>) throws(Refusal) -> PeeringCall {
    var hash = SHA256()
    return try parse(head, body: body, hash: &hash)
  }
}

/// Made from a request head and its body alone, by `PeeringCall.parse`: who holds one holds a request in
/// its one spelling. A class, because permit, record and upstream all hold it.
package final class PeeringRequest: Sendable {
  package let operation: Operation
  /// nil for a list alone.
  package let peer: PeerName?
  package let partition: Partition
  package let query: QueryParameters
  package let caller: Caller

  /// How long Consul may take to answer, its random addition included; nil if it answers at once, as it does to a change
  /// whatever the query says.
  package var blockingTime: Duration? { operation.access == .read ? query.blockingTime : nil }

  private let arguments: Arguments

  /// Indirect, so that a read has no room for what it does not say.
  private indirect enum Arguments: Sendable {
    case none
    case generate(GenerateArguments)
    case establish(EstablishArguments)
  }

  fileprivate init(
    _ route: Route, _ head: RequestHead, body: Span<UInt8>, last: Caller?, hash: inout SHA256
  ) throws(Refusal) {
    var partitions = PartitionStatements()
    query = try QueryParameters.parse(head.query?[...], partitions: &partitions)
    if let value = head.fields[.xConsulPartition] {
      guard head.fields.occurrences(of: .xConsulPartition) == 1 else {
        throw .repeatedField(.xConsulPartition)
      }
      try partitions.add(value.bytes.span, in: .field)
    }
    caller = try Caller.named(by: head.fields, last: last, hash: &hash)
    switch route {
    case .generate:
      let arguments = try Self.generateArguments(body, &partitions)
      (operation, peer, self.arguments) = (.generate, arguments.peer, .generate(arguments))
    case .establish:
      let arguments = try Self.establishArguments(body, &partitions)
      (operation, peer, self.arguments) = (.establish, arguments.peer, .establish(arguments))
    case .read(let name): (operation, peer, arguments) = (.read, name, .none)
    case .delete(let name): (operation, peer, arguments) = (.delete, name, .none)
    case .list: (operation, peer, arguments) = (.list, nil, .none)
    case .options(let allowed): throw .methodNotAllowed(.options, allowed)
    }
    // Consul ignores such a body. It would be content that was neither judged nor sent, in a record that says
    // nothing of it; no official client sends one, and an empty one is none.
    if case .none = arguments, !body.isEmpty { throw .unexpectedBody(head.method) }
    partition = partitions.agreed
  }

  private static func generateArguments(
    _ body: Span<UInt8>, _ partitions: inout PartitionStatements
  ) throws(Refusal) -> GenerateArguments {
    let reader = try BodyReader(body, schema: .generate)
    let name = try reader.string("PeerName")
    let partition = try reader.string("Partition")
    let addresses = try reader.strings("ServerExternalAddresses")
    let meta = try reader.pairs("Meta")
    let peer = try peer(name, for: .generate)
    if let partition { try partitions.add(partition.utf8.span, in: .body) }
    return GenerateArguments(peer: peer, serverExternalAddresses: addresses, meta: meta)
  }

  private static func establishArguments(
    _ body: Span<UInt8>, _ partitions: inout PartitionStatements
  ) throws(Refusal) -> EstablishArguments {
    let reader = try BodyReader(body, schema: .establish)
    let name = try reader.string("PeerName")
    let partition = try reader.string("Partition")
    let token = try reader.string("PeeringToken")
    let meta = try reader.pairs("Meta")
    // What is missing is told before what is wrong, and the name before the token: Consul's order.
    guard let name, !name.isEmpty else { throw .missingPeerName(.establish) }
    guard let token, !token.isEmpty else { throw .missingPeeringToken }
    let peer = try peer(name, for: .establish)
    if let partition { try partitions.add(partition.utf8.span, in: .body) }
    return EstablishArguments(peer: peer, peeringToken: token, meta: meta)
  }

  private static func peer(_ name: String?, for operation: Operation) throws(Refusal) -> PeerName {
    guard let name, !name.isEmpty else { throw .missingPeerName(operation) }
    guard let peer = PeerName(name) else { throw .invalidPeerName(GoDecoding.safe(name)) }
    return peer
  }
}

// What is sent to Consul
extension PeeringRequest {
  /// nil for the anonymous caller.
  package var credential: Credential? { caller.credential }

  package var method: Method {
    switch operation {
    case .generate, .establish: .post
    case .read, .list: .get
    case .delete: .delete
    }
  }

  /// Path and query, built from values.
  package func upstreamTarget() -> RequestTarget {
    var target: RequestTarget
    switch operation {
    case .generate: target = RequestTarget(path: "/v1/peering/token")
    case .establish: target = RequestTarget(path: "/v1/peering/establish")
    case .list: target = RequestTarget(path: "/v1/peerings")
    case .read, .delete:
      target = RequestTarget(path: "/v1/peering/")
      peer?.withBytes { target.append(segment: $0) }
    }
    // The two POSTs say the partition in their bodies as well, where it wins. A community edition would
    // ignore the body's when it establishes and put the peering into `default`, which nobody authorised;
    // the query's it refuses.
    query.append(to: &target, partition: partition, operation: operation)
    return target
  }

  /// JSON with the keys in the order of Consul's documentation, those without a value left out; nil if the
  /// operation has no body. Holds a secret when a peering is established.
  package func upstreamBody() -> [UInt8]? {
    if case .none = arguments { return nil }
    var writer = Writer()
    writer.beginObject()
    writer.key("PeerName")
    writer.string(peer?.text ?? "")
    if !partition.isDefault {
      writer.key("Partition")
      writer.string(partition.name)
    }
    switch arguments {
    case .none: return nil
    case .generate(let arguments):
      if !arguments.serverExternalAddresses.isEmpty {
        writer.key("ServerExternalAddresses")
        writer.beginArray()
        for address in arguments.serverExternalAddresses { writer.string(address) }
        writer.endArray()
      }
      Self.write(arguments.meta, to: &writer)
    case .establish(let arguments):
      writer.key("PeeringToken")
      writer.string(arguments.peeringToken)
      Self.write(arguments.meta, to: &writer)
    }
    writer.endObject()
    return writer.finish()
  }

  /// Lends the token that is spent by establishing, for its digest; nil for the other operations.
  @discardableResult
  package func withPeeringToken<Result>(_ body: (Span<UInt8>) -> Result) -> Result? {
    guard case .establish(let arguments) = arguments else { return nil }
    return body(arguments.peeringToken.utf8.span)
  }

  /// Sorted, so that one value has one form.
  private static func write(_ meta: [ByteString: String], to writer: inout Writer) {
    guard !meta.isEmpty else { return }
    writer.key("Meta")
    writer.beginObject()
    for (key, value) in meta.sorted(by: { $0.key < $1.key }) {
      writer.key(key.string)
      writer.string(value)
    }
    writer.endObject()
  }
}

// Neither the credential nor the body shows.
extension PeeringRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String {
    "\(operation) \(peer.map(\.text) ?? "*") in \(partition)"
  }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
