// What this machine is called.
import Glibc

enum MachineName {
  /// Nothing, if the system does not say.
  static var current: [UInt8] {
    var name = [UInt8](repeating: 0, count: 256)
    let result = unsafe name.withUnsafeMutableBytes { bytes in
      guard let base = bytes.baseAddress else { return Int32(-1) }
      return unsafe gethostname(base.assumingMemoryBound(to: CChar.self), bytes.count - 1)
    }
    return result == 0 ? Array(name.prefix { $0 != 0 }) : []
  }
}
