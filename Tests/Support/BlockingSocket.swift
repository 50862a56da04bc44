// A plain blocking socket for tests: independent of the runtime that is tested.

internal import Glibc

package struct SocketFailure: Error {
  package let call: String
  package let code: Int32
}

package final class BlockingSocket: @unchecked Sendable {
  // Unchecked: a descriptor is a number, and the kernel serialises the calls.
  private let descriptor: Int32

  private init(_ descriptor: Int32) { self.descriptor = descriptor }

  deinit { Glibc.close(descriptor) }

  /// - Parameter host: the last number of its own address, which begins with 127.0.0; nil: as the kernel likes.
  package static func connect(port: UInt16, from host: UInt8? = nil) throws -> BlockingSocket {
    let socket = BlockingSocket(try check("socket", Glibc.socket(AF_INET, stream, 0)))
    socket.keepFromChildren()
    if var own = host.map({ loopback(0, host: $0) }) {
      let code = unsafe withUnsafePointer(to: &own) { pointer in
        unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
          unsafe Glibc.bind(socket.descriptor, pointer, socklen_t(MemoryLayout<sockaddr_in>.size))
        }
      }
      _ = try check("bind", code)
    }
    var address = loopback(port)
    let code = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        unsafe Glibc.connect(socket.descriptor, pointer, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    _ = try check("connect", code)
    socket.setTimeout(seconds: 20)
    return socket
  }

  /// Listens on a port that the kernel chooses, or on `port`.
  package static func listen(port: UInt16 = 0, backlog: Int32 = 512) throws -> BlockingSocket {
    let socket = BlockingSocket(try check("socket", Glibc.socket(AF_INET, stream, 0)))
    socket.keepFromChildren()
    var one: Int32 = 1
    unsafe setsockopt(socket.descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
    var address = loopback(port)
    let code = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        unsafe Glibc.bind(socket.descriptor, pointer, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    _ = try check("bind", code)
    _ = try check("listen", Glibc.listen(socket.descriptor, backlog))
    return socket
  }

  /// Listens at a unix socket.
  package static func listen(path: String) throws -> BlockingSocket {
    let socket = BlockingSocket(try check("socket", Glibc.socket(AF_UNIX, stream, 0)))
    socket.keepFromChildren()
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
    let code = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        unsafe Glibc.bind(socket.descriptor, pointer, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    _ = try check("bind", code)
    _ = try check("listen", Glibc.listen(socket.descriptor, 512))
    return socket
  }

  package var port: UInt16 {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        unsafe getsockname(descriptor, pointer, &length)
      }
    }
    return UInt16(bigEndian: address.sin_port)
  }

  package func accept() throws -> BlockingSocket {
    let socket = BlockingSocket(try Self.check("accept", Glibc.accept(descriptor, nil, nil)))
    socket.keepFromChildren()
    return socket
  }

  /// What has come; empty at the end. Throws after the timeout.
  package func read() throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = try Self.check("read", Int32(clamping: unsafe recv(descriptor, &bytes, bytes.count, 0)))
    return Array(bytes.prefix(Int(count)))
  }

  /// Whether nothing comes, the end included, for so long.
  package func isSilent(forMilliseconds milliseconds: Int32) -> Bool {
    var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&waiting, 1, milliseconds) == 0
  }

  package func write(_ bytes: [UInt8]) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { bytes in
        unsafe send(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
      }
      rest = rest.dropFirst(Int(try Self.check("write", Int32(clamping: count))))
    }
  }

  package func setTimeout(seconds: Int) {
    var time = timeval(tv_sec: seconds, tv_usec: 0)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
  }

  /// Ends both directions; a thread that blocks in `read` or `accept` returns.
  package func shutdown() { Glibc.shutdown(descriptor, Int32(SHUT_RDWR)) }

  package func shutdownWriting() { Glibc.shutdown(descriptor, Int32(SHUT_WR)) }

  /// Ends the connection by a reset, as a machine that lost it does. Connecting to no family is how Linux spells it
  /// for a socket that stays open.
  package func reset() {
    var nowhere = sockaddr()
    nowhere.sa_family = sa_family_t(AF_UNSPEC)
    unsafe Glibc.connect(descriptor, &nowhere, socklen_t(MemoryLayout<sockaddr>.size))
  }

  /// A gate that is started meanwhile must not inherit it: the connection would live on in the child.
  private func keepFromChildren() { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }

  private static let stream = Int32(SOCK_STREAM.rawValue)

  private static func loopback(_ port: UInt16, host: UInt8 = 1) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = (0x7F00_0000 | UInt32(host)).bigEndian
    return address
  }

  private static func check(_ call: String, _ result: Int32) throws -> Int32 {
    guard result >= 0 else { throw SocketFailure(call: call, code: errno) }
    return result
  }
}
