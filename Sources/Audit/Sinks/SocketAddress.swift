// Where a sink connects to.
package import Bytes

package enum SocketAddress: Sendable, Hashable {
  /// A unix socket by its path; datagram or stream, whichever listens.
  case unix(path: String)
  /// Name or number, and port.
  case tcp(host: String, port: UInt16)
}

extension SocketAddress {
  package static func == (left: Self, right: Self) -> Bool {
    ByteString(left.description) == ByteString(right.description)
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(ByteString(description)) }
}

extension SocketAddress: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unix(let path): "unix://\(path)"
    case .tcp(let host, let port):
      "tcp://\(host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]" : host):\(port)"
    }
  }
}

/// What RFC 5424 messages say before the line.
package struct SyslogHeader: Sendable, Equatable {
  /// 0 to 23; 13 is "log audit".
  package var facility: UInt8 = 13
  /// HOSTNAME; the machine's own name by default.
  package var hostName: ByteString?
  package var applicationName = "peergate"

  package init() {}
}
