// A place to listen at or connect to, as an operator writes it.

import Bytes

/// `host:port`, `[address]:port` or `unix:///path`, parsed and printed the same way.
package enum Endpoint: Sendable, Hashable, CustomStringConvertible {
  case tcp(host: String, port: UInt16)
  case unix(path: String)

  package init(parsing text: String) throws(SocketError) {
    let bytes = text.utf8
    if bytes.starts(with: "unix://".utf8) {
      let path = String(Substring(bytes.dropFirst("unix://".utf8.count)))
      guard path.utf8.first == UInt8(ascii: "/"), path.utf8.count <= SocketLimits.unixPathBytes,
        !path.utf8.contains(0)
      else {
        throw Self.refused(
          text, "write unix:// and an absolute path of at most \(SocketLimits.unixPathBytes) bytes")
      }
      self = .unix(path: path)
      return
    }
    guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")) else {
      throw Self.refused(text, "write host:port, [ipv6]:port or unix:///path")
    }
    let digits = bytes[bytes.index(after: colon)...]
    guard !digits.isEmpty, digits.allSatisfy({ 0x30...0x39 ~= $0 }), let port = UInt16(Substring(digits))
    else {
      throw Self.refused(text, "the port must be a number from 0 to 65535")
    }
    var host = bytes[..<colon]
    if host.first == UInt8(ascii: "["), host.last == UInt8(ascii: "]") {
      host = host.dropFirst().dropLast()
      guard host.contains(UInt8(ascii: ":")) else {
        throw Self.refused(text, "brackets are for ipv6 addresses")
      }
    } else if host.contains(UInt8(ascii: ":")) {
      let shown = Self.shown(host.prefix(Self.shownBytes))
      throw Self.refused(text, "an ipv6 address goes in brackets: [\(shown)]:\(port)")
    }
    let isHost = host.allSatisfy { byte in
      switch byte {
      case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
      case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "_"), UInt8(ascii: "%"): true
      default: false
      }
    }
    guard !host.isEmpty, host.count <= 255, isHost else {
      throw Self.refused(text, "the host must be a name or an ip address")
    }
    self = .tcp(host: String(Substring(host)), port: port)
  }

  package static func == (left: Self, right: Self) -> Bool {
    ByteString(left.description) == ByteString(right.description)
  }

  package func hash(into hasher: inout Hasher) { hasher.combine(ByteString(description)) }

  private static func refused(_ text: String, _ advice: String) -> SocketError {
    let quoted = shown(text.utf8.prefix(shownBytes))
    return SocketError(doing: .resolve, because: .address("\"\(quoted)\" is no address: \(advice)"))
  }

  private static let shownBytes = 80

  private static func shown(_ bytes: Substring.UTF8View) -> String {
    String(decoding: bytes, as: UTF8.self).unicodeScalars.map { $0.escaped(asASCII: true) }.joined()
  }

  package var description: String {
    switch self {
    case .tcp(let host, let port):
      host.utf8.contains(UInt8(ascii: ":")) ? "[\(host)]:\(port)" : "\(host):\(port)"
    case .unix(let path): "unix://\(path)"
    }
  }
}
