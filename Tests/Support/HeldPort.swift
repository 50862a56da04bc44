// A port at which nobody listens, and that nobody else is given.

internal import Glibc

/// Bound, and never listened at: anyone who connects is refused, for as long as this lives. A port that was free a
/// moment ago may be another test's by now.
package final class HeldPort {
  package let port: UInt16
  private var descriptor: Int32

  package init() throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let number = descriptor
    let code = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        unsafe bind(number, pointer, length) == 0 ? unsafe getsockname(number, pointer, &length) : -1
      }
    }
    port = UInt16(bigEndian: address.sin_port)
    guard code == 0 else { throw SocketFailure(call: "bind", code: errno) }
  }

  deinit { release() }

  package func release() {
    if descriptor >= 0 { _ = close(descriptor) }
    descriptor = -1
  }
}
