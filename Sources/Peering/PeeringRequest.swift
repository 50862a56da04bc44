// One of the five operations, as a value: everything that is judged, and everything that is sent.

import Bytes
internal import Digests
package import HTTP
import JSON

/// What a whole request on one of the five resources turned out to be.
package enum PeeringCall: Sendable {
  case operation(PeeringRequest)
  case options(AllowedMethods)

  /// Reads head and body at once, for those who have both: see `PeeringRequestHead.parse`.
  ///
  /// - Parameter body: all of it, after its transfer coding was removed.
  package static func parse(_ head: RequestHead, body: Span<UInt8>) throws(Refusal) -> PeeringCall {
    var hash = SHA256()
    switch try PeeringRequestHead.parse(head, hash: &hash) {
    case .options(let allowed): return .options(allowed)
    case .operation(let request): return .operation(try request.completed(by: body))
    }
  }
}

extension PeeringRequestHead {
  /// The whole request.
  ///
  /// - Parameter body: all of it, after its transfer coding was removed.
  package func completed(by body: Span<UInt8>) throws(Refusal) -> PeeringRequest {
    try PeeringRequest(self, body: body)
  }
}

/// Made from a request head and its body alone, by `PeeringRequestHead.completed`: who holds one holds a request in
/// its one spelling.
package struct PeeringRequest: Sendable {
  private let head: PeeringRequestHead
  /// Nil for the three operations that have no body, of which the head says all.
  private let content: Content?

  /// What a body says, as a class, because permit, record and upstream all hold it.
  private final class Content: Sendable {
    let peer: PeerName
    let partition: Partition
    let arguments: Arguments

    init(peer: PeerName, partition: Partition, arguments: Arguments) {
      self.peer = peer
      self.partition = partition
      self.arguments = arguments
    }
  }

  private enum Arguments: Sendable {
    case generate(GenerateArguments)
    case establish(EstablishArguments)
  }

  package var operation: Operation { head.operation }
  /// nil for a list alone.
  package var peer: PeerName? { content?.peer ?? head.peer }
  package var partition: Partition { content?.partition ?? head.partition }
  package var query: QueryParameters { head.query }
  package var caller: Caller { head.caller }

  /// How long Consul may take to answer, its random addition included; nil if it answers at once, as it does to a change
  /// whatever the query says.
  package var blockingTime: Duration? { operation.access == .read ? query.blockingTime : nil }

  fileprivate init(_ head: PeeringRequestHead, body: Span<UInt8>) throws(Refusal) {
    self.head = head
    switch head.operation {
    case .generate, .establish: content = try Self.content(of: head, body)
    case .read, .delete, .list:
      // Consul ignores such a body. It would be content that was neither judged nor sent, in a record that says
      // nothing of it; no official client sends one, and an empty one is none.
      guard body.isEmpty else { throw .unexpectedBody(head.operation.method) }
      content = nil
    }
  }

  private static func content(
    of head: PeeringRequestHead, _ body: Span<UInt8>
  ) throws(Refusal) -> Content {
    var partitions = head.partitions
    if head.operation == .generate {
      let arguments = try generateArguments(body, &partitions)
      return Content(peer: arguments.peer, partition: partitions.agreed, arguments: .generate(arguments))
    }
    let arguments = try establishArguments(body, &partitions)
    return Content(peer: arguments.peer, partition: partitions.agreed, arguments: .establish(arguments))
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
    // The one stands where the other belongs: then it is shown nowhere.
    if name == token, PeerName(name.utf8.span) == nil {
      throw .invalidPeerName(QuotedInput("PeeringToken", as: .bare))
    }
    let peer = try peer(name, for: .establish)
    if let partition { try partitions.add(partition.utf8.span, in: .body) }
    return EstablishArguments(peer: peer, peeringToken: token, meta: meta)
  }

  private static func peer(_ name: ByteString?, for operation: Operation) throws(Refusal) -> PeerName {
    guard let name, !name.isEmpty else { throw .missingPeerName(operation) }
    guard let peer = PeerName(name.utf8.span) else {
      throw .invalidPeerName(QuotedInput(name.string, as: .bare))
    }
    return peer
  }
}

// What is sent to Consul
extension PeeringRequest {
  /// nil for the anonymous caller.
  package var credential: Credential? { caller.credential }

  package var method: Method { operation.method }

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
    guard let content else { return nil }
    var writer = Writer()
    writer.beginObject()
    writer.key("PeerName")
    writer.string(content.peer.text)
    if !partition.isDefault {
      writer.key("Partition")
      writer.string(partition.name)
    }
    switch content.arguments {
    case .generate(let arguments):
      if !arguments.serverExternalAddresses.isEmpty {
        writer.key("ServerExternalAddresses")
        writer.beginArray()
        for address in arguments.serverExternalAddresses { writer.string(address.string) }
        writer.endArray()
      }
      Self.write(arguments.meta, to: &writer)
    case .establish(let arguments):
      writer.key("PeeringToken")
      writer.string(arguments.peeringToken.string)
      Self.write(arguments.meta, to: &writer)
    }
    writer.endObject()
    return writer.finish()
  }

  /// Lends the token that is spent by establishing, for its digest; nil for the other operations.
  @discardableResult
  package func withPeeringToken<Result>(_ body: (Span<UInt8>) -> Result) -> Result? {
    guard case .establish(let arguments) = content?.arguments else { return nil }
    return body(arguments.peeringToken.utf8.span)
  }

  /// Sorted, so that one value has one form.
  private static func write(_ meta: [ByteString: ByteString], to writer: inout Writer) {
    guard !meta.isEmpty else { return }
    writer.key("Meta")
    writer.beginObject()
    for (key, value) in meta.sorted(by: { $0.key < $1.key }) {
      writer.key(key.string)
      writer.string(value.string)
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
