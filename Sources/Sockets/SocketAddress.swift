// An address that the kernel knows: for telling who a peer is, and for asking whom to connect.

internal import CLinux
internal import Glibc

/// An IPv4, IPv6 or unix address as plain bytes.
package struct SocketAddress: Sendable, Hashable {
  package enum Family: Sendable, Hashable {
    case ipv4, ipv6, unix
  }

  package let family: Family
  /// Four or sixteen bytes of address in network order, or the path.
  package let bytes: [UInt8]
  /// Zero for unix addresses.
  package let port: UInt16

  package init(family: Family, bytes: [UInt8], port: UInt16) {
    self.family = family
    self.bytes = bytes
    self.port = port
  }

  package static func loopback(port: UInt16) -> SocketAddress {
    SocketAddress(family: .ipv4, bytes: [127, 0, 0, 1], port: port)
  }

  private static let mappedPrefix = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]

  /// Reads what `accept`, `getsockname` and `getaddrinfo` fill in.
  init?(_ storage: sockaddr_storage, length: socklen_t) {
    let raw = unsafe withUnsafeBytes(of: storage) { unsafe [UInt8]($0.prefix(Int(length))) }
    switch Int32(storage.ss_family) {
    case AF_INET where raw.count >= 8:
      self.init(family: .ipv4, bytes: Array(raw[4..<8]), port: UInt16(raw[2]) << 8 | UInt16(raw[3]))
    case AF_INET6 where raw.count >= 24:
      let port = UInt16(raw[2]) << 8 | UInt16(raw[3])
      // A listener of both families sees IPv4 clients so (RFC 4291 2.5.5.2): the same client has one address.
      if raw[8..<20].elementsEqual(Self.mappedPrefix) {
        self.init(family: .ipv4, bytes: Array(raw[20..<24]), port: port)
      } else {
        self.init(family: .ipv6, bytes: Array(raw[8..<24]), port: port)
      }
    case AF_UNIX:
      self.init(family: .unix, bytes: Array(raw.dropFirst(2).prefix { $0 != 0 }), port: 0)
    default:
      return nil
    }
  }

  /// Lends the kernel's form of the address.
  func withSockaddr<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    var raw = [UInt8](repeating: 0, count: MemoryLayout<sockaddr_storage>.size)
    let length: Int
    switch family {
    case .ipv4:
      put(AF_INET, in: &raw)
      raw.replaceSubrange(4..<8, with: bytes)
      length = MemoryLayout<sockaddr_in>.size
    case .ipv6:
      put(AF_INET6, in: &raw)
      raw.replaceSubrange(8..<24, with: bytes)
      length = MemoryLayout<sockaddr_in6>.size
    case .unix:
      put(AF_UNIX, in: &raw)
      raw.replaceSubrange(2..<2 + bytes.count, with: bytes)
      length = 2 + bytes.count + 1
    }
    return unsafe raw.withUnsafeBytes { raw in
      // Never empty, so the base address is there; the kernel reads `length` bytes and keeps no pointer.
      unsafe withExtendedLifetime(raw) {
        unsafe body(
          raw.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: sockaddr.self), socklen_t(length))
      }
    }
  }

  private func put(_ family: Int32, in raw: inout [UInt8]) {
    raw[0] = UInt8(truncatingIfNeeded: family)
    raw[1] = 0
    guard family != AF_UNIX else { return }
    raw[2] = UInt8(port >> 8)
    raw[3] = UInt8(port & 0xFF)
  }
}

extension SocketAddress: CustomStringConvertible {
  /// `127.0.0.1:8501`, `[::1]:8501` or `unix:///path`.
  package var description: String {
    switch family {
    case .ipv4: "\(host):\(port)"
    case .ipv6: "[\(host)]:\(port)"
    case .unix: "unix://\(String(decoding: bytes, as: UTF8.self))"
    }
  }

  /// The address without the port, as it stands in `X-Forwarded-For`. Empty for unix addresses.
  package var host: String {
    guard family != .unix else { return "" }
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    let known = unsafe bytes.withUnsafeBytes { bytes in
      unsafe inet_ntop(family == .ipv4 ? AF_INET : AF_INET6, bytes.baseAddress, &text, socklen_t(text.count))
        != nil
    }
    guard known else { return "" }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
