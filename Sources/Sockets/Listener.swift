// The front door: bind, listen, accept.

internal import CLinux
internal import Glibc

/// A listening socket, confined to its loop.
package final class Listener {
  package let address: SocketAddress
  private let loop: EventLoop
  private let slot: PollRegistration
  private var descriptor: Descriptor?

  /// Who else may listen at the same place: the workers of one gate do, and the kernel spreads the connections over
  /// them (`SO_REUSEPORT`).
  package enum Sharing {
    case none
    /// Nobody yet; others once this one listens.
    case opening
    /// The place is open already.
    case joining
  }

  /// Listens at `address`, which can leave the port to the kernel.
  ///
  /// The first of several listeners takes the place alone and opens it then. If all of them shared it from the start,
  /// two gates of one user could share a port in silence, each serving half of the connections under its own policies.
  package init(
    at address: SocketAddress, sharing: Sharing = .none, on loop: EventLoop
  ) throws(SocketError) {
    let descriptor = try Self.bound(to: address, isShared: sharing == .joining)
    guard listen(descriptor.number, SocketLimits.listenBacklog) == 0 else {
      throw SocketError(doing: .listen, code: errno)
    }
    if sharing == .opening { setOption(SOL_SOCKET, SO_REUSEPORT, 1, of: descriptor) }
    self.address = Self.localAddress(of: descriptor) ?? address
    slot = try loop.register(descriptor)
    self.descriptor = consume descriptor
    self.loop = loop
  }

  deinit {
    if descriptor != nil { loop.unregister(slot) }
  }

  /// The next connection. Waits without end; `close()` ends it with `.interrupted`.
  package func accept() async throws(SocketError) -> Arrival {
    while true {
      if let arrival = try takeWaiting() { return arrival }
      switch await slot.reading.park(until: .never, unless: { slot.isReadable || descriptor == nil }) {
      case .ready: continue
      case .deadline, .interrupted: throw SocketError(doing: .accept, because: .interrupted)
      }
    }
  }

  /// A connection that already waits, or nil. After a drain has begun this empties what the kernel has
  /// accepted for us, which closing the socket would reset.
  package func takeWaiting() throws(SocketError) -> Arrival? {
    while true {
      guard descriptor != nil else { throw SocketError(doing: .accept, because: .interrupted) }
      var storage = sockaddr_storage()
      var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
      let number = unsafe withUnsafeMutablePointer(to: &storage) { storage in
        unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
          unsafe clinux_accept(self.number, address, &length)
        }
      }
      if number >= 0 {
        let peer = SocketAddress(storage, length: length)
        return Arrival(
          descriptor: try Descriptor(adopting: number, doing: .accept),
          peer: peer ?? SocketAddress(family: .unix, bytes: [], port: 0))
      }
      switch errno {
      case EAGAIN:
        slot.isReadable = false
        return nil
      // The connection died before we took it; the next one may be fine.
      case EINTR, ECONNABORTED, EPROTO: continue
      default: throw SocketError(doing: .accept, code: errno)
      }
    }
  }

  package func close() {
    guard descriptor != nil else { return }
    loop.unregister(slot)
    descriptor = nil
    slot.reading.wake(.interrupted)
  }

  private var number: Int32 { descriptor?.number ?? -1 }

  private static func bound(to address: SocketAddress, isShared: Bool) throws(SocketError) -> Descriptor {
    let descriptor = try Descriptor(
      adopting: socket(address.domain, clinux_stream_socket, 0), doing: .bind)
    if address.family != .unix {
      // A restart must not wait for the old connections' TIME_WAIT.
      setOption(SOL_SOCKET, SO_REUSEADDR, 1, of: descriptor)
      if isShared { setOption(SOL_SOCKET, SO_REUSEPORT, 1, of: descriptor) }
      // Accepted sockets inherit it: answers are written whole, so waiting to fill a segment only delays them.
      setOption(Int32(IPPROTO_TCP), TCP_NODELAY, 1, of: descriptor)
    }
    let code = unsafe address.withSockaddr { unsafe bind(descriptor.number, $0, $1) }
    guard code == 0 else { throw SocketError(doing: .bind, code: errno) }
    return descriptor
  }

  private static func localAddress(of descriptor: borrowing Descriptor) -> SocketAddress? {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let number = descriptor.number
    let code = unsafe withUnsafeMutablePointer(to: &storage) { storage in
      unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        unsafe getsockname(number, address, &length)
      }
    }
    return code == 0 ? SocketAddress(storage, length: length) : nil
  }
}

/// A connection that has been accepted and belongs to nobody yet. It is consumed into a `Stream`, or dropped
/// and thereby closed.
package struct Arrival: ~Copyable {
  fileprivate let descriptor: Descriptor
  package let peer: SocketAddress

  fileprivate init(descriptor: consuming Descriptor, peer: SocketAddress) {
    self.descriptor = descriptor
    self.peer = peer
  }

  package consuming func stream(on loop: EventLoop) throws(SocketError) -> Stream {
    try Stream(descriptor, on: loop)
  }
}
