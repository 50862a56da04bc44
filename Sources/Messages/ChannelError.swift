// Why a channel failed.

package import Sockets
package import TLS

package indirect enum ChannelError: Error, Sendable, Equatable {
  case socket(SocketError)
  case tls(TLSError)
  /// The peer's bytes ended without close_notify: what came last may be cut.
  case truncated
}

extension ChannelError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .socket(let error): "\(error)"
    case .tls(let error): error.reason
    case .truncated: "the connection ended without closing TLS"
    }
  }
}
