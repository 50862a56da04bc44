// Names to addresses, on its own thread.

import Bytes
internal import CLinux
internal import Glibc

/// Resolution blocks for as long as the resolver's servers like, so it never happens on a loop.
package enum Resolver {
  /// The addresses of `endpoint`, best first. For use before any loop runs; it blocks.
  package static func resolveBlocking(_ endpoint: Endpoint) throws(SocketError) -> [SocketAddress] {
    switch endpoint {
    case .unix(let path): return [SocketAddress(family: .unix, bytes: Array(path.utf8), port: 0)]
    case .tcp(let host, let port): return try lookUp(host: host, port: port)
    }
  }

  /// The addresses of an endpoint that names them itself: nobody has to be asked. Nil for a host's name.
  static func withoutAsking(_ endpoint: Endpoint) -> [SocketAddress]? {
    guard case .tcp(let host, let port) = endpoint else { return try? resolveBlocking(endpoint) }
    return try? lookUp(host: host, port: port, flags: AI_NUMERICHOST)
  }

  private static func lookUp(
    host: String, port: UInt16, flags: Int32 = 0
  ) throws(SocketError) -> [SocketAddress] {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    unsafe hints.ai_flags = AI_NUMERICSERV | flags
    var list: UnsafeMutablePointer<addrinfo>?
    let code = unsafe getaddrinfo(host, String(port), &hints, &list)
    defer { if unsafe list != nil { unsafe freeaddrinfo(list) } }
    guard code == 0 else {
      let reason = unsafe ByteString(String(cString: gai_strerror(code))).lowercasedASCII
      throw SocketError(doing: .resolve, because: .address("\(host) does not resolve: \(reason)"))
    }
    var found: [SocketAddress] = []
    var next = unsafe list
    while let entry = unsafe next {
      var storage = sockaddr_storage()
      let length = unsafe min(Int(entry.pointee.ai_addrlen), MemoryLayout<sockaddr_storage>.size)
      unsafe withUnsafeMutableBytes(of: &storage) { target in
        unsafe target.copyMemory(from: UnsafeRawBufferPointer(start: entry.pointee.ai_addr, count: length))
      }
      if let address = SocketAddress(storage, length: socklen_t(length)), !found.contains(address) {
        found.append(address)
      }
      unsafe next = entry.pointee.ai_next
    }
    guard !found.isEmpty else {
      throw SocketError(doing: .resolve, because: .address("\(host) has no address"))
    }
    return found
  }
}
