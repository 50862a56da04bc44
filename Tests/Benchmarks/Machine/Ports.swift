// Free ports on loopback, and whether somebody listens at one.

import Glibc

enum Ports {
  /// Below those that the system gives to anyone who connects: one of these may be taken again at any instant, and a
  /// connection to one that is free can even meet itself.
  private static let range: Range<UInt16> = 20_000..<32_000
  private static let attempts = 100

  /// A port that nobody has at this instant.
  static func free() throws -> UInt16 {
    for _ in 0..<attempts {
      let port = UInt16.random(in: range)
      if try unsafe call(bind, port) { return port }
    }
    throw Trouble("no free port was found between \(range.lowerBound) and \(range.upperBound)")
  }

  static func accepts(_ port: UInt16) -> Bool { (try? unsafe call(connect, port)) ?? false }

  private typealias Call = (Int32, UnsafePointer<sockaddr>?, socklen_t) -> Int32

  /// Whether the call succeeds for a fresh socket and that port of loopback.
  private static func call(_ call: Call, _ port: UInt16) throws -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard descriptor >= 0 else { throw Trouble("no socket: \(Files.systemMessage())") }
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        unsafe call(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
      }
    }
  }
}
