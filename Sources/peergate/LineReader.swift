// A file line by line, however long it is.

import Glibc

enum LineReader {
  struct Fault: Error, CustomStringConvertible {
    let description: String
  }

  /// Hands out each line without its newline; what follows the last newline is a line if it is not empty.
  static func forEachLine(of path: String, _ body: (Span<UInt8>) -> Void) throws(Fault) {
    let descriptor = path == "-" ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw fault(path) }
    defer { if descriptor != STDIN_FILENO { close(descriptor) } }
    var chunk = [UInt8](repeating: 0, count: 1 << 18)
    var line: [UInt8] = []
    while true {
      let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw fault(path) }
      if count == 0 { break }
      var start = 0
      while let end = chunk[start..<count].firstIndex(of: UInt8(ascii: "\n")) {
        if line.isEmpty {
          body(chunk.span.extracting(start..<end))
        } else {
          line += chunk[start..<end]
          body(line.span)
          line.removeAll(keepingCapacity: true)
        }
        start = end + 1
      }
      line += chunk[start..<count]
    }
    if !line.isEmpty { body(line.span) }
  }

  private static func fault(_ path: String) -> Fault {
    Fault(description: "\(path): cannot be read: \(unsafe String(cString: strerror(errno)))")
  }
}
