// Names to addresses, on a thread of its own.

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

  /// The same for a task of `loop`, which goes on with its other work meanwhile.
  package static func resolve(
    _ endpoint: Endpoint, on loop: EventLoop, by deadline: Deadline
  ) async throws(SocketError) -> [SocketAddress] {
    if case .unix = endpoint { return try resolveBlocking(endpoint) }
    let answer = Answer(parking: Parking(on: loop))
    let delivery = LoopBound(answer, on: loop)
    Thread.start(named: "resolver") {
      let result = Result { () throws(SocketError) in try resolveBlocking(endpoint) }
      delivery.perform { answer in
        answer.result = result
        answer.parking.wake(.ready)
      }
    }
    if await answer.parking.park(until: deadline) == .deadline {
      throw SocketError(doing: .resolve, because: .deadline)
    }
    guard let result = answer.result else { throw SocketError(doing: .resolve, because: .interrupted) }
    return try result.get()
  }

  private final class Answer {
    let parking: Parking
    var result: Result<[SocketAddress], SocketError>?
    init(parking: Parking) { self.parking = parking }
  }

  private static func lookUp(host: String, port: UInt16) throws(SocketError) -> [SocketAddress] {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    unsafe hints.ai_flags = AI_NUMERICSERV
    var list: UnsafeMutablePointer<addrinfo>?
    let code = unsafe getaddrinfo(host, String(port), &hints, &list)
    defer { if unsafe list != nil { unsafe freeaddrinfo(list) } }
    guard code == 0 else {
      let reason = unsafe String(cString: gai_strerror(code)).lowercased()
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
