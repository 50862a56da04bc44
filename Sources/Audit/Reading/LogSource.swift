// Lines from a file, a pipe or standard input, from beginning to end.
import Glibc

/// The one reader of lines, for anyone who checks a log and for anyone who shows it. Bounded in memory whatever comes: no more is
/// held than the longest line that a log can have.
final class LogSource {
  let name: String
  let file: Descriptor
  private var buffer: [UInt8]
  private var filled = 0
  private var hasBegun = false

  init(name: String, file: consuming Descriptor) {
    self.name = name
    self.file = file
    buffer = [UInt8](repeating: 0, count: AuditLimits.readBytes)
  }

  /// `-` is standard input.
  static func open(_ name: String) throws(VerificationError) -> LogSource {
    var number: Int32
    repeat {
      number =
        name.utf8.elementsEqual("-".utf8)
        ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0) : NamedFile.open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY)
    } while number < 0 && errno == EINTR
    guard number >= 0 else { throw .cannotRead(path: name, code: errno) }
    return LogSource(name: name, file: Descriptor(owning: number))
  }

  /// Nil for what cannot be asked.
  var identity: FileStatus.Identity? { file.status()?.identity }

  /// Whether opening it a second time gives the same bytes again. Standard input goes on where it was read to, even if it
  /// is a file.
  var isFile: Bool { !name.utf8.elementsEqual("-".utf8) && (file.status()?.isRegular ?? false) }

  /// Hands out every line with its newline, then what is left without one, and how many bytes it is longer than any line
  /// of a log: then `line` is its beginning, as much as the longest line has if nothing but zeros follows, and else a few
  /// bytes. Stops early when `body` returns false. Every byte that is read also passes `everyChunk`.
  ///
  /// - Parameter isGrowing: what is left without a newline is kept for the next call, which may find more of it.
  func forEachLine(
    isGrowing: Bool = false, everyChunk: (Span<UInt8>) -> Void = { _ in },
    _ body: (_ line: Span<UInt8>, _ number: Int, _ excess: Int) -> Bool
  ) throws(VerificationError) {
    var number = 0
    while true {
      let (end, isWanted) = scan(from: 0) { line in
        number += 1
        return body(line, number, 0)
      }
      drop(end)
      guard isWanted else { return }
      if filled == AuditLimits.lineBytes {
        number += 1
        let beginning = buffer
        let (excess, isZero) = try skipLine(everyChunk)
        let line = beginning.span.extracting(..<(isZero ? AuditLimits.lineBytes : 64))
        // Its newline alone may be what does not fit.
        guard body(line, number, max(1, excess)) else { return }
      } else if try fill(everyChunk) == 0 {
        if isGrowing { return }
        let rest = buffer
        if filled > 0 { _ = body(rest.span.extracting(..<filled), number + 1, 0) }
        filled = 0
        return
      }
    }
  }

  /// Hands out the first lines, as far as they fit into the longest one; they are handed out again later.
  func peek(_ body: (Span<UInt8>) -> Bool) throws(VerificationError) {
    var start = 0
    while filled < AuditLimits.lineBytes {
      let (end, isWanted) = scan(from: start, body)
      guard isWanted else { return }
      start = end
      if try fill() == 0 {
        let rest = buffer
        if start < filled { _ = body(rest.span.extracting(start..<filled)) }
        return
      }
    }
  }

  /// The whole lines that are there; where they end, and whether more are wanted.
  private func scan(from beginning: Int, _ body: (Span<UInt8>) -> Bool) -> (end: Int, isWanted: Bool) {
    // A copy of the reference: a span of the field itself could outlive it, says the optimiser.
    let bytes = buffer
    var start = beginning
    while let end = newline(in: bytes.span.extracting(start..<filled)) {
      let isWanted = body(bytes.span.extracting(start..<start + end + 1))
      start += end + 1
      guard isWanted else { return (start, false) }
    }
    return (start, true)
  }

  private func drop(_ count: Int) {
    guard count > 0 else { return }
    unsafe buffer.withUnsafeMutableBytes { space in
      guard let base = space.baseAddress else { return }
      unsafe memmove(base, base + count, filled - count)
    }
    filled -= count
  }

  /// From the beginning again, which somebody has cut the file off to.
  func rewind() {
    lseek(file.number, 0, SEEK_SET)
    filled = 0
  }

  /// How many bytes have come: none at the end.
  private func fill(_ everyChunk: (Span<UInt8>) -> Void = { _ in }) throws(VerificationError) -> Int {
    if filled == buffer.count {
      buffer.append(contentsOf: repeatElement(0, count: min(filled, AuditLimits.lineBytes - filled)))
    }
    var count: Int
    repeat {
      count = unsafe buffer.withUnsafeMutableBytes { space in
        unsafe read(file.number, space.baseAddress?.advanced(by: filled), space.count - filled)
      }
    } while count < 0 && errno == EINTR
    guard count >= 0 else { throw .cannotRead(path: name, code: errno) }
    filled += count
    let bytes = buffer
    everyChunk(bytes.span.extracting(filled - count..<filled))
    if !hasBegun, filled >= 2 {
      hasBegun = true
      // RFC 1952, section 2.3.1: no JSON begins like that.
      if buffer[0] == 0x1F, buffer[1] == 0x8B { throw .compressed(path: name) }
    }
    return count
  }

  /// Reads on to the newline of a line that fills the buffer; how many bytes more it has, and whether all are zero.
  private func skipLine(
    _ everyChunk: (Span<UInt8>) -> Void
  ) throws(VerificationError) -> (excess: Int, isZero: Bool) {
    var (excess, isZero) = (0, true)
    while true {
      filled = 0
      guard try fill(everyChunk) > 0 else { return (excess, isZero) }
      let bytes = buffer
      let end = newline(in: bytes.span.extracting(..<filled))
      isZero = isZero && bytes.span.extracting(..<(end ?? filled)).isZero
      if let end {
        drop(end + 1)
        return (excess + end, isZero)
      }
      excess += filled
    }
  }

  /// By memchr: a loop over single bytes would cost as much as the digest.
  private func newline(in bytes: Span<UInt8>) -> Int? {
    unsafe bytes.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress, let found = unsafe memchr(base, 10, bytes.count) else { return nil }
      return unsafe UnsafeRawPointer(found) - base
    }
  }
}

extension Span<UInt8> {
  /// Eight bytes at a time: a crash leaves many zeros.
  fileprivate var isZero: Bool {
    var index = 0
    while index + 8 <= count {
      guard unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self) == 0 else {
        return false
      }
      index += 8
    }
    while index < count {
      guard self[index] == 0 else { return false }
      index += 1
    }
    return true
  }
}
