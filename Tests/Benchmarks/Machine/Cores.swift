// Which processors a process may run on.

import CProcess
import Glibc

struct Cores: Sendable, Equatable {
  let mask: UInt

  init(mask: UInt) { self.mask = mask }
  init(_ numbers: Int...) { mask = numbers.reduce(0) { $0 | 1 << UInt($1) } }

  static var count: Int { Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))) }

  /// For this process and what it starts.
  func adopt() throws {
    guard cprocess_pin(mask) == 0 else {
      throw Trouble("this process cannot be pinned to the cores of mask \(mask): \(Files.systemMessage())")
    }
  }
}
