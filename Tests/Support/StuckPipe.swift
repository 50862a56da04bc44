// A named pipe whose reader reads only when told to: an audit sink that gets stuck.

internal import Foundation
internal import Glibc
internal import Synchronization

package final class StuckPipe: Sendable {
  package let path: String
  private let folder: ScratchFolder
  private let descriptor = Mutex<Int32>(-1)
  private let received = Received()

  /// Makes the pipe, as small as the kernel lets it be, and opens its reading end.
  package init() throws {
    folder = try ScratchFolder()
    path = folder.path + "/pipe"
    guard unsafe mkfifo(path, 0o600) == 0 else { throw SocketFailure(call: "mkfifo", code: errno) }
    try open()
  }

  deinit { close() }

  package func open() throws {
    let number = unsafe Glibc.open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard number >= 0 else { throw SocketFailure(call: "open", code: errno) }
    // 1031 is F_SETPIPE_SZ, which the header hides behind a feature macro.
    _ = fcntl(number, 1031, 4_096)
    descriptor.withLock { $0 = number }
  }

  /// The reader goes away: from now on a write is a broken pipe.
  package func close() {
    descriptor.withLock { number in
      if number >= 0 { _ = Glibc.close(number) }
      number = -1
    }
  }

  /// Begins to read, on its own thread, until the writer ends or the reader closes.
  package func startReading() {
    let number = descriptor.withLock { $0 }
    Thread.detachNewThread { [received] in
      var buffer = [UInt8](repeating: 0, count: 65_536)
      var waiting = pollfd(fd: number, events: Int16(POLLIN), revents: 0)
      while unsafe poll(&waiting, 1, -1) > 0 {
        let count = unsafe read(number, &buffer, buffer.count)
        guard count > 0 else { return }
        received.append(buffer[..<count])
      }
    }
  }

  /// Everything that was read so far.
  package var text: String { received.text }

  private final class Received: Sendable {
    private let bytes = Mutex<[UInt8]>([])
    func append(_ more: ArraySlice<UInt8>) { bytes.withLock { $0 += more } }
    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
  }
}
