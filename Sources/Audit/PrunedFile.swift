// A rotated file that is about to be deleted, as the log names it.
import Glibc

/// What tells a file that the gate deleted from one that somebody took: its numbers, and the link behind its last line.
struct PrunedFile: Sendable, Equatable {
  /// Without its folder.
  let name: String
  /// 0 where the file holds no line of a log.
  let first: UInt64
  let end: Chain

  init(_ path: String) {
    name = LogName.last(of: path)
    end = (try? LogTail.read(path))?.chain ?? .beginning
    first = Self.firstNumber(of: path)
  }

  private static func firstNumber(of path: String) -> UInt64 {
    let number = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard number >= 0 else { return 0 }
    let file = Descriptor(owning: number)
    var head = [UInt8](repeating: 0, count: AuditLimits.firstLineBytes)
    let count = unsafe read(file.number, &head, head.count)
    guard count > 0, let end = head[..<count].firstIndex(of: UInt8(ascii: "\n")) else { return 0 }
    return FoundLine(head[..<end])?.number ?? 0
  }
}
