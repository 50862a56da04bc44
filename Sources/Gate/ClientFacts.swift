// What is known of a connection's other end: for the decision, for Consul, for the record.

internal import Audit
internal import HTTP
internal import JSON
internal import Messages
internal import Policy
internal import Sockets
internal import TLS

/// Made once for each connection, after its handshake. A class, so that each request of it costs one count.
final class ClientFacts: Sendable {
  /// As it stands in the record: address and port.
  let remoteAddress: QuotedString
  let forwardedFor: FieldValue?
  let connection: ConnectionFacts
  let tls: Entry.TLS?

  init(peer: Sockets.SocketAddress, channel: Channel) {
    remoteAddress = QuotedString(peer.description)
    forwardedFor = peer.family == .unix ? nil : FieldValue(peer.host)
    let identity = channel.peerIdentity
    connection = ConnectionFacts(
      source: Address(peer), certificateURIs: identity?.uris ?? [],
      certificateDNSNames: identity?.dnsNames ?? [])
    tls = channel.negotiated.map { negotiated in
      let names = identity.map { $0.dnsNames + $0.uris + $0.ipAddresses + $0.emailAddresses } ?? []
      return Entry.TLS(
        version: negotiated.version.name, cipher: negotiated.cipherSuite,
        subject: identity.map { Array($0.subject.utf8) }, names: names.map { Array($0.utf8) })
    }
  }
}

extension Address {
  init?(_ address: Sockets.SocketAddress) {
    switch address.family {
    case .ipv4, .ipv6: self.init(networkBytes: address.bytes.span)
    case .unix: return nil
    }
  }
}
