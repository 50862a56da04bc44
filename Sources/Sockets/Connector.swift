// Connections that we open.

internal import CLinux
internal import Glibc

extension Stream {
  package static func connect(
    to addresses: [SocketAddress], on loop: EventLoop, by deadline: Deadline
  ) async throws(SocketError) -> Stream {
    try await connect(toOneOf: addresses, on: loop, by: deadline).stream
  }

  /// Connects to the first of `addresses` that answers, one after the other, all within `deadline`, and says which that is.
  /// Each has an equal part of the time that is left: one that swallows every packet must not hide the others.
  package static func connect(
    toOneOf addresses: [SocketAddress], on loop: EventLoop, by deadline: Deadline
  ) async throws(SocketError) -> (stream: Stream, address: SocketAddress) {
    var failure = SocketError(doing: .connect, because: .address("there is no address to connect to"))
    for (index, address) in addresses.enumerated() {
      let left = Deadline.now.distance(to: deadline) / UInt64(addresses.count - index)
      let part = index == addresses.count - 1 ? deadline : .after(.nanoseconds(Int64(clamping: left)))
      do throws(SocketError) {
        return (try await connect(to: address, on: loop, by: part), address)
      } catch {
        failure = error
      }
    }
    throw failure
  }

  private static func connect(
    to address: SocketAddress, on loop: EventLoop, by deadline: Deadline
  ) async throws(SocketError) -> Stream {
    let descriptor = try Descriptor(
      adopting: socket(address.domain, clinux_stream_socket, 0), doing: .connect)
    if address.family != .unix { setOption(Int32(IPPROTO_TCP), TCP_NODELAY, 1, of: descriptor) }
    let code = unsafe address.withSockaddr { unsafe Glibc.connect(descriptor.number, $0, $1) }
    let isUnderWay = code != 0 && errno == EINPROGRESS
    guard code == 0 || isUnderWay else { throw SocketError(doing: .connect, code: errno) }
    let stream = try Stream(descriptor, on: loop)
    if isUnderWay { try await stream.connected(by: deadline) }
    return stream
  }
}

/// Options that only make things better; a kernel that refuses one is no reason to refuse a connection.
func setOption(_ level: Int32, _ option: Int32, _ value: Int32, of descriptor: borrowing Descriptor) {
  var value = value
  unsafe setsockopt(descriptor.number, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
}

extension SocketAddress {
  var domain: Int32 {
    switch family {
    case .ipv4: AF_INET
    case .ipv6: AF_INET6
    case .unix: AF_UNIX
    }
  }
}
