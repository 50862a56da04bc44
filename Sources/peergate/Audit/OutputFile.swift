// What a command makes: a file, or standard output.

import Glibc

/// Never overwrites: the path may be a log's by mistake. Readable by its owner alone.
final class OutputFile {
  struct Fault: Error, CustomStringConvertible {
    let description: String
  }

  private let path: String?
  private let descriptor: Int32

  /// Nil is standard output.
  init(_ path: String?) throws(Fault) {
    self.path = path
    guard let path else {
      descriptor = STDOUT_FILENO
      return
    }
    descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Self.fault(path) }
  }

  deinit { if path != nil, descriptor >= 0 { close(descriptor) } }

  func write(_ bytes: [UInt8]) throws(Fault) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw Self.fault(path ?? "standard output") }
      rest = rest.dropFirst(count)
    }
  }

  /// What was begun and is not to be used; of standard output nothing can be taken back.
  func remove() { if let path { _ = unsafe unlink(path) } }

  private static func fault(_ path: String) -> Fault {
    Fault(description: "\(path): \(unsafe String(cString: strerror(errno)))")
  }
}
