// A file with a rotated one's name, as its first and last line show it.
import Digests
import Glibc

struct RotatedFile: Sendable {
  let path: String
  let identity: FileStatus.Identity
  let size: Int
  /// Where the log stood before its first line.
  let beginning: Chain
  /// Where it stood behind its last one.
  private(set) var end: Chain
  /// The link there by the format 1.
  private let oldLink: SHA256Digest
  /// When the last line was made.
  let endedAt: WallTime?
  /// Whether this run wrote every line of it.
  let isOwn: Bool
  /// What its beginning says that the gate deleted, signed if there is a key.
  let deleted: [ClosedRange<UInt64>]

  var first: UInt64 { beginning.last + 1 }

  /// A file that this run wrote from its first line to its last.
  init(_ path: String, _ status: FileStatus, from beginning: Chain, to end: Chain, at now: WallTime) {
    self.path = path
    (identity, size) = (status.identity, status.size)
    (self.beginning, self.end, oldLink) = (beginning, end, end.link)
    endedAt = now
    isOwn = true
    deleted = []
  }

  /// Nil where the file does not begin and end with lines of a log.
  init?(_ path: String, key: VerifyingKey? = nil) {
    guard let file = Self.open(path), let status = file.status() else { return nil }
    guard let first = Self.firstLine(of: file, status.size), let end = Self.lastLine(of: file, status.size),
      first.sequence <= end.line.sequence
    else { return nil }
    self.path = path
    (identity, size) = (status.identity, status.size)
    beginning = Chain(last: first.sequence - 1, link: first.previous)
    var hash = SHA256()
    let bytes = end.bytes
    self.end = Chain(
      last: end.line.sequence, link: end.line.link(of: bytes.span, format: Chain.format, by: &hash))
    oldLink = end.line.link(of: bytes.span, format: 1, by: &hash)
    endedAt = bytes.count > 42 ? WallTime(rfc3339: bytes[15..<42]) : nil
    isOwn = false
    deleted = Self.deleted(in: file, status.size, key: key)
  }

  /// Whether the line behind `chain` follows upon this file's last one.
  func isBefore(_ chain: Chain) -> Bool {
    end.last == chain.last && (end.link == chain.link || oldLink == chain.link)
  }

  /// Whether every line from the first to the last is there and follows upon the one before. Reads all of the file, but
  /// for one that this run wrote and that has not changed since.
  mutating func checksOut() -> Bool {
    guard let file = Self.open(path), let status = file.status(), status.identity == identity,
      status.size == size
    else { return false }
    if isOwn { return true }
    var hash = SHA256()
    var (expected, links) = (first, (new: beginning.link, old: beginning.link))
    var (isSound, isNew) = (true, false)
    do throws(VerificationError) {
      try LogSource(name: path, file: file).forEachLine { line, _, excess in
        // What crashes left is for `verify` to judge.
        guard excess == 0, let parsed = LogLine(line) else { return true }
        isSound =
          parsed.sequence == expected
          && (parsed.previous == links.new || (!isNew && parsed.previous == links.old))
        // The format rises, and never falls.
        isNew = isNew || (expected > first && parsed.previous == links.new)
        links.new = parsed.link(of: line, format: Chain.format, by: &hash)
        if !isNew { links.old = parsed.link(of: line, format: 1, by: &hash) }
        expected += 1
        return isSound
      }
    } catch {
      return false
    }
    if !isNew, end.last > first { end = Chain(last: end.last, link: links.old) }
    return isSound && expected == end.last + 1
  }

  /// The number of the first line, for a file that is one of a log's.
  static func firstNumber(of path: String) -> (number: UInt64, path: String)? {
    guard let file = open(path), let status = file.status() else { return nil }
    return firstLine(of: file, status.size).map { ($0.sequence, path) }
  }

  /// Never waits for the other end of a pipe.
  private static func open(_ path: String) -> Descriptor? {
    let number = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard number >= 0 else { return nil }
    let file = Descriptor(owning: number)
    guard let status = file.status(), status.isRegular else { return nil }
    return file
  }

  private static func read(_ file: borrowing Descriptor, _ range: Range<Int>) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: range.count)
    let count = unsafe pread(file.number, &bytes, bytes.count, off_t(range.lowerBound))
    return Array(bytes.prefix(max(count, 0)))
  }

  /// A line that a crash tore may stand before it.
  private static func firstLine(of file: borrowing Descriptor, _ size: Int) -> LogLine? {
    let bytes = read(file, 0..<min(size, AuditLimits.firstLineBytes))
    var start = 0
    while let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
      if let line = LogLine(bytes.span.extracting(start...end)) { return line }
      start = end + 1
    }
    return nil
  }

  /// Such records stand behind the opening one, and before any of a request.
  private static func deleted(
    in file: borrowing Descriptor, _ size: Int, key: VerifyingKey?
  ) -> [ClosedRange<UInt64>] {
    var window = AuditLimits.firstLineBytes
    while true {
      let bytes = read(file, 0..<min(size, window))
      var ranges: [ClosedRange<UInt64>] = []
      var start = 0
      var isAtEnd = false
      while !isAtEnd, let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) {
        let line = bytes[start..<end]
        start = end + 1
        guard line.dropFirst(43).starts(with: #","event_type":"audit-"#.utf8) else {
          // Torn pieces may stand there as well.
          isAtEnd = FoundLine(line) != nil
          continue
        }
        guard line.dropFirst(64).starts(with: "pruned\"".utf8), let record = ControlRecord(Array(line).span),
          let range = record.pruned
        else { continue }
        if let key {
          guard case .ours = FoundLine(line)?.seal(by: key) else { continue }
        }
        ranges.append(range)
      }
      if isAtEnd || bytes.count == size || window > AuditLimits.lineBytes { return ranges }
      window *= 4
    }
  }

  /// With its newline, behind which nothing stands.
  private static func lastLine(
    of file: borrowing Descriptor, _ size: Int
  ) -> (line: LogLine, bytes: [UInt8])? {
    var window = AuditLimits.firstLineBytes
    while true {
      let bytes = read(file, max(size - window, 0)..<size)
      guard bytes.last == UInt8(ascii: "\n") else { return nil }
      let before = bytes.dropLast().lastIndex(of: UInt8(ascii: "\n"))
      if before == nil, window < size, window <= AuditLimits.lineBytes {
        window *= 4
        continue
      }
      let line = Array(bytes[(before.map { $0 + 1 } ?? 0)...])
      return LogLine(line.span).map { ($0, line) }
    }
  }
}
