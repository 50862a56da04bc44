// A log that is being written, read as it grows.
import Glibc

/// Hands out whole lines as they come, over rotation, renaming and truncation: when the name leads to
/// another file, the old one is read to its end first.
package final class LogFollower {
  private let path: String
  private var descriptor = Descriptor.none
  private var identity: FileStatus.Identity?
  private var partial: [UInt8] = []

  package init(_ path: String) { self.path = path }

  /// Opens the file with all that is in it still to be read.
  package func open() throws(VerificationError) {
    let number = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { throw .cannotRead(path: path, code: errno) }
    descriptor = Descriptor(owning: number)
    partial = []
    identity = descriptor.status()?.identity
  }

  /// Hands out what has come since the last call. False when nothing had.
  package func readOn(_ body: (Span<UInt8>) -> Void) throws(VerificationError) -> Bool {
    if try readRest(body) { return true }
    guard let found = FileStatus(of: path) else { return false }
    if found.identity != identity {
      // The writer may have written to the old file until just before it took the new one.
      if try readRest(body) { return true }
      try open()
      return try readRest(body)
    }
    if found.size < lseek(descriptor.number, 0, SEEK_CUR) {
      lseek(descriptor.number, 0, SEEK_SET)
      partial = []
    }
    return false
  }

  /// Waits for a moment in which something may come.
  package func pause() { poll(nil, 0, AuditLimits.followMilliseconds) }

  private func readRest(_ body: (Span<UInt8>) -> Void) throws(VerificationError) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    var hasRead = false
    while true {
      let count = unsafe read(descriptor.number, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .cannotRead(path: path, code: errno) }
      guard count > 0 else { return hasRead }
      hasRead = true
      partial += chunk[..<count]
      // A copy of the reference: a span of the field itself could outlive it, says the optimiser.
      let lines = partial
      var start = 0
      while let end = lines[start...].firstIndex(of: UInt8(ascii: "\n")) {
        body(lines.span.extracting(start..<end))
        start = end + 1
      }
      partial.removeFirst(start)
    }
  }
}
