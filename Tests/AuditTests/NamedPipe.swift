// A named pipe with a reader that reads only when told to.
import Foundation
import Testing

@testable import Audit

final class NamedPipe: Sendable {
  let path: String
  private let descriptor: Monitor<Int32>
  private let received = Monitor<[UInt8]?>(nil)

  /// Makes the pipe and opens its reading end, so that a writer may come.
  convenience init(_ path: String) throws {
    try #require(unsafe mkfifo(path, 0o600) == 0)
    self.init(reopening: path)
  }

  init(reopening path: String) {
    self.path = path
    descriptor = Monitor(unsafe open(path, O_RDONLY | O_NONBLOCK))
  }

  deinit { close() }

  func close() {
    descriptor.withLock { descriptor in
      if descriptor >= 0 { _ = Foundation.close(descriptor) }
      descriptor = -1
    }
  }

  /// Begins to read, on its own thread, until the writer closes its end.
  func startReading() {
    Thread.detachNewThread { [self] in
      let all = readToEnd()
      received.withLock { $0 = all }
      received.wake()
    }
  }

  /// What came until the writer closed its end.
  func lines() throws -> [String] {
    let all = try #require(received.wait(until: .now().advanced(byMilliseconds: patience)) { $0 })
    return String(decoding: all, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  private func readToEnd() -> [UInt8] {
    let descriptor = descriptor.withLock { $0 }
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe read(descriptor, &buffer, buffer.count)
      if count > 0 {
        all += buffer[..<count]
      } else if count == 0, !all.isEmpty {
        return all
      } else {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        _ = unsafe poll(&waiting, 1, 1_000)
      }
    }
  }
}
