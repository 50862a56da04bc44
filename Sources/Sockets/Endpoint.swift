// A place to listen at or connect to, as an operator writes it.

/// `host:port`, `[address]:port` or `unix:///path`, parsed and printed the same way.
package enum Endpoint: Sendable, Hashable, CustomStringConvertible {
  case tcp(host: String, port: UInt16)
  case unix(path: String)

  package init(parsing text: String) throws(SocketError) {
    if text.hasPrefix("unix://") {
      let path = String(text.dropFirst("unix://".count))
      guard path.hasPrefix("/"), path.utf8.count <= SocketLimits.unixPathBytes, !path.utf8.contains(0) else {
        throw Self.refused(
          text, "write unix:// and an absolute path of at most \(SocketLimits.unixPathBytes) bytes")
      }
      self = .unix(path: path)
      return
    }
    guard let colon = text.lastIndex(of: ":") else {
      throw Self.refused(text, "write host:port, [ipv6]:port or unix:///path")
    }
    let digits = text[text.index(after: colon)...]
    guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = UInt16(digits)
    else {
      throw Self.refused(text, "the port must be a number from 0 to 65535")
    }
    var host = text[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") {
      host = host.dropFirst().dropLast()
      guard host.contains(":") else { throw Self.refused(text, "brackets are for ipv6 addresses") }
    } else if host.contains(":") {
      throw Self.refused(text, "an ipv6 address goes in brackets: [\(host)]:\(port)")
    }
    let isHost = host.utf8.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
      case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "_"), UInt8(ascii: "%"): true
      default: false
      }
    }
    guard !host.isEmpty, host.utf8.count <= 255, isHost else {
      throw Self.refused(text, "the host must be a name or an ip address")
    }
    self = .tcp(host: String(host), port: port)
  }

  private static func refused(_ text: String, _ advice: String) -> SocketError {
    let quoted = text.unicodeScalars.prefix(80).map { $0.escaped(asASCII: true) }.joined()
    return SocketError(doing: .resolve, because: .address("\"\(quoted)\" is no address: \(advice)"))
  }

  package var description: String {
    switch self {
    case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    case .unix(let path): "unix://\(path)"
    }
  }
}
