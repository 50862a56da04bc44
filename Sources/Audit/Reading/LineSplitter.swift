// Bytes to lines, in whatever pieces they come and however long the lines are.
import Glibc

/// Keeps one unfinished line, and of that no more than `limit` bytes: a file without newlines costs no more
/// memory and no more time for each byte than any other.
struct LineSplitter: Sendable {
  private let limit: Int
  private var partial: [UInt8] = []
  /// Bytes of the unfinished line, kept or not.
  private(set) var length = 0

  init(limit: Int = AuditLimits.readLineBytes) { self.limit = limit }

  /// Hands out each line that ends in `bytes`, without its newline: its first `limit` bytes and its whole length.
  /// False as soon as `body` returns false.
  mutating func read(_ bytes: Span<UInt8>, _ body: (Span<UInt8>, _ length: Int) -> Bool) -> Bool {
    var start = 0
    while let end = Self.newline(in: bytes.extracting(start...)) {
      let piece = bytes.extracting(start..<start + end)
      start += end + 1
      if length == 0 {
        guard body(piece.extracting(first: limit), piece.count) else { return false }
      } else {
        keep(piece)
        guard finish(body) else { return false }
      }
    }
    keep(bytes.extracting(start...))
    return true
  }

  /// Hands out what stands behind the last newline, if anything does.
  mutating func finish(_ body: (Span<UInt8>, _ length: Int) -> Bool) -> Bool {
    guard length > 0 else { return true }
    let (line, whole) = (partial, length)
    partial.removeAll(keepingCapacity: true)
    length = 0
    return body(line.span, whole)
  }

  private mutating func keep(_ bytes: Span<UInt8>) {
    length += bytes.count
    let room = bytes.extracting(first: limit - partial.count)
    for index in room.indices { partial.append(room[index]) }
  }

  /// By memchr: a loop over single bytes would cost more than everything else here.
  private static func newline(in bytes: Span<UInt8>) -> Int? {
    unsafe bytes.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress, let found = unsafe memchr(base, 10, bytes.count) else { return nil }
      return unsafe UnsafeRawPointer(found) - base
    }
  }
}
