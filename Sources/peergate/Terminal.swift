// Text to standard output and standard error, whole and at once.

import Bytes
import Gate
import Glibc
import Sockets
import Synchronization

enum Terminal {
  /// Unlike `print`, which keeps the lines back when the output is a pipe: a reader of the pipe wants them now.
  static func say(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }

  /// Text with line ends of its own.
  static func write(_ text: String) { write(text, to: STDOUT_FILENO) }

  /// As `say`, for what quotes names and texts that somebody else wrote: they cannot steer the terminal.
  static func show(_ text: String) { say(text.shown(keepingLayout: true)) }

  /// A complaint quotes what it complains of, so none of it steers the terminal either.
  static func complain(_ text: String) {
    let text = text.shown(keepingLayout: true)
    if let log = log.withLock({ $0 }) { log.say(text) } else { write(text + "\n", to: STDERR_FILENO) }
  }

  /// From here on complaints wait in the log's queue: a gate that runs must not wait for who reads them.
  static func startLog() throws(SocketError) -> OperatorLog {
    let log = try OperatorLog { write($0 + "\n", to: STDERR_FILENO) }
    self.log.withLock { $0 = log }
    return log
  }

  private static let log = Mutex<OperatorLog?>(nil)

  static var hasColour: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Whether complaints are read by a person rather than kept in a log.
  static var hasReader: Bool { isatty(STDERR_FILENO) == 1 }

  /// What cannot be written (a closed pipe, a full disk) is dropped: there is nobody left to tell.
  private static func write(_ text: String, to descriptor: Int32) {
    var rest = ArraySlice(text.utf8)
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return }
      rest = rest.dropFirst(count)
    }
  }
}
