// What can go wrong in TLS, as facts; each says whose doing it was.

/// The other side of a conversation.
package enum Peer: String, Sendable, Hashable {
  case client
  case server
}

package enum TLSError: Error, Hashable, Sendable {
  /// The peer offered, sent or showed something that we refuse.
  case peer(Peer, PeerFault)
  /// The peer refused us, and said so.
  case alert(Alert, from: Peer)
  /// The peer ended the connection without close_notify: what it said last may be cut.
  case truncated(by: Peer)
  /// A file that the operator named.
  case file(String, FileFault)
  /// OpenSSL failed where it should not: ours to look into.
  case library(operation: String, reason: String)

  package enum Party: Sendable, Hashable {
    case peer
    case `operator`
    case ourselves
  }

  package var party: Party {
    switch self {
    case .peer, .truncated: .peer
    // Bad certificates and unknown authorities are usually set up wrongly at one of the two ends; the
    // alert alone cannot tell which.
    case .alert: .peer
    case .file: .operator
    case .library: .ourselves
    }
  }

  /// One sentence for the operator's log; it holds no secret and nothing unprintable.
  package var reason: String {
    switch self {
    case .peer(let peer, let fault): "\(peer.rawValue) \(fault.reason)"
    case .alert(let alert, let peer): "\(peer.rawValue) refused the connection: \(alert.reason)"
    case .truncated(let peer): "\(peer.rawValue) ended the connection without closing TLS"
    case .file(let path, let fault):
      "\(path):\(fault.line.map { "\($0):" } ?? "") \(fault.reason)"
    case .library(let operation, let reason): "TLS library failed in \(operation): \(reason)"
    }
  }
}

extension TLSError: CustomStringConvertible {
  package var description: String { reason }
}
