// Sockets, connected within a deadline.
import Glibc

enum Connection {
  enum Kind { case stream, datagram }

  /// Connects, and says which kind of socket listened: the first of `kinds` that fits.
  static func open(_ address: SocketAddress, kinds: [Kind]) throws(AuditError) -> (number: Int32, kind: Kind)
  {
    switch address {
    case .unix(let path):
      var code: Int32 = EPROTOTYPE
      for kind in kinds {
        switch openUnix(path, kind) {
        case .success(let number): return (number, kind)
        case .failure(let failure): code = failure.code
        }
        // EPROTOTYPE says that the other kind of socket listens there.
        guard code == EPROTOTYPE else { break }
      }
      throw .notConnected(to: "\(address)", code: code)
    case .tcp(let host, let port):
      return (try openTCP(host, port, address), .stream)
    }
  }

  private struct Failure: Error { let code: Int32 }

  private static func openUnix(_ path: String, _ kind: Kind) -> Result<Int32, Failure> {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    let capacity = MemoryLayout.size(ofValue: address.sun_path) - 1
    guard bytes.count <= capacity else { return .failure(Failure(code: ENAMETOOLONG)) }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
    return unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        unsafe connect(AF_UNIX, kind, address, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
  }

  private static func openTCP(_ host: String, _ port: UInt16, _ address: SocketAddress) throws(AuditError)
    -> Int32
  {
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
    unsafe hints.ai_flags = AI_NUMERICSERV
    var found: UnsafeMutablePointer<addrinfo>?
    // Blocks, which this thread may.
    guard unsafe getaddrinfo(host, String(port), &hints, &found) == 0 else {
      throw .unknownHost(host)
    }
    defer { unsafe freeaddrinfo(found) }
    var code = EHOSTUNREACH
    var next = unsafe found
    while let candidate = unsafe next {
      switch unsafe connect(
        candidate.pointee.ai_family, .stream, candidate.pointee.ai_addr, candidate.pointee.ai_addrlen)
      {
      case .success(let number): return number
      case .failure(let failure): code = failure.code
      }
      unsafe next = candidate.pointee.ai_next
    }
    throw .notConnected(to: "\(address)", code: code)
  }

  private static func connect(
    _ family: Int32, _ kind: Kind, _ address: UnsafePointer<sockaddr>?, _ length: socklen_t
  ) -> Result<Int32, Failure> {
    let type = kind == .stream ? SOCK_STREAM : SOCK_DGRAM
    let number = socket(
      family, Int32(type.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
    guard number >= 0 else { return .failure(Failure(code: errno)) }
    let descriptor = Descriptor(owning: number)
    if unsafe Glibc.connect(number, address, length) != 0 {
      guard errno == EINPROGRESS else { return .failure(Failure(code: errno)) }
      guard descriptor.isReady(for: Int16(POLLOUT), withinMilliseconds: AuditLimits.connectMilliseconds)
      else {
        return .failure(Failure(code: ETIMEDOUT))
      }
      var code: Int32 = 0
      var size = socklen_t(MemoryLayout<Int32>.size)
      guard unsafe getsockopt(number, SOL_SOCKET, SO_ERROR, &code, &size) == 0, code == 0 else {
        return .failure(Failure(code: code == 0 ? errno : code))
      }
    }
    return .success(descriptor.release())
  }
}
