// A connection's other end once it is secure: what is known of it, and how it is talked to.

internal import Audit
internal import HTTP
internal import JSON
internal import Messages
internal import Policy
internal import Sockets
internal import TLS

/// Made once for each connection, after its handshake; its requests share it.
final class Client {
  let channel: Channel
  let reader: RequestReader
  /// Where the connection waits for what comes over no stream: its records, its turn to ask Consul.
  let place: Parking
  /// As it stands in the record: address and port.
  let remoteAddress: QuotedString
  let forwardedFor: FieldValue?
  /// What decisions may turn on.
  let connection: ConnectionFacts
  let tls: Entry.TLS?

  init(peer: Sockets.SocketAddress, channel: Channel, limits: HTTPLimits) {
    self.channel = channel
    reader = RequestReader(channel, limits: limits)
    place = Parking(on: channel.stream.loop)
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
