// What the end of a log says when it is opened again.
import Glibc

/// How a log was found.
package struct JournalOpening: Sendable, Equatable {
  /// Number of the last whole line; 0 in a new log.
  package var lastSequence: UInt64 = 0
  /// Bytes of a last line that a crash left unfinished. It was closed off with a newline and stays, since
  /// nobody was told that it is kept, and nobody is served by removing what a log holds.
  package var tornBytes = 0
}

extension JournalFile {
  /// Reads where the sequence stands, and closes off a torn last line.
  mutating func findEnd() throws(AuditError) -> JournalOpening {
    guard isRegular, let tail = try readTail() else { return JournalOpening() }
    var opening = JournalOpening()
    let end = (tail.lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
    opening.tornBytes = tail.count - end
    opening.lastSequence = lastSequence(in: tail[..<end])
    if opening.tornBytes > 0 {
      let attempt = append([UInt8(ascii: "\n")]) { false }
      // A disk that is full now may not be later: then the newline goes before the first line.
      leftInsideLine(attempt.code != nil)
    }
    return opening
  }

  private func readTail() throws(AuditError) -> [UInt8]? {
    let number = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard number >= 0 else { throw .cannotOpen(path: path, code: errno) }
    let reader = Descriptor(owning: number)
    let size = lseek(reader.number, 0, SEEK_END)
    guard size > 0 else { return nil }
    var tail = [UInt8](repeating: 0, count: min(size, AuditLimits.tailBytes))
    var filled = 0
    while filled < tail.count {
      let offset = size - tail.count + filled
      let count = unsafe tail.withUnsafeMutableBytes { buffer in
        guard let base = buffer.baseAddress else { return 0 }
        return unsafe pread(reader.number, base + filled, buffer.count - filled, offset)
      }
      if count > 0 {
        filled += count
      } else if count == 0 || errno != EINTR {
        throw .cannotOpen(path: path, code: count == 0 ? EIO : errno)
      }
    }
    return tail
  }

  /// The number of the last line that has one. Inside JSON strings a quotation mark is escaped, so these
  /// bytes can only be the member itself.
  private func lastSequence(in lines: ArraySlice<UInt8>) -> UInt64 {
    let member = Array(#","seq":"#.utf8)
    var index = lines.endIndex - member.count
    while index >= lines.startIndex {
      if lines[index] == UInt8(ascii: ","), lines[index..<index + member.count].elementsEqual(member) {
        var value: UInt64 = 0
        for byte in lines[(index + member.count)...] {
          guard 48...57 ~= byte, value < UInt64.max / 10 - 1 else { break }
          value = value * 10 + UInt64(byte - 48)
        }
        return value
      }
      index -= 1
    }
    return 0
  }
}
