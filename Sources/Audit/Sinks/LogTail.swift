// Where a log stands that a former run has left.
import Digests

/// The end of a log file as the writer needs it. What it cannot make sense of it refuses to add to: a
/// wrong path in the configuration should not grow somebody else's file, and nobody who writes lines of his own behind the
/// last record should have them taken for what a crash left.
struct LogTail: Equatable {
  var chain = Chain.beginning
  /// The unfinished line behind the last whole one. A crash leaves one at the most, and no newline in it.
  var torn: TornEnd?
  /// True when the very last byte is not a newline.
  var endsInsideLine = false
  /// What the end of the log says of the run that wrote it; nil where there is no whole line.
  var found: FoundEnd?

  /// - Parameter key: the key that is to sign what follows. The last signature is checked against it, and the lines from
  ///   there on.
  static func read(_ path: String, key: VerifyingKey? = nil) throws(AuditError) -> LogTail {
    guard let file = try LogEnd.open(path) else { return LogTail() }
    var window = AuditLimits.tailBytes
    while true {
      let (bytes, isWholeFile) = try file.read(window)
      let tail: LogTail
      do throws(Fault) {
        tail = try LogTail(parsing: bytes, isWholeFile: isWholeFile, zeros: file.zeros, key: key)
      } catch {
        switch error {
        case .notSeen where !isWholeFile && window < AuditLimits.checkedBytes:
          window *= 4
          continue
        case .notSeen, .notAuditLog: throw .notAuditLog(path: path)
        case .strangeLines(let last): throw .strangeLines(path: path, after: last)
        case .tooLong(let last, let limit): throw .strangeEnd(path: path, after: last, limit: limit)
        }
      }
      // Further back, as long as no signature is in sight: a writer leaves none out for so long.
      if let found = tail.found, found.signed == .none, key != nil, !isWholeFile,
        window < AuditLimits.checkedBytes
      {
        window *= 4
        continue
      }
      if case .broken(let fault)? = tail.found?.signed { throw .signedPartBroken(path: path, fault) }
      return tail
    }
  }

  enum Fault: Error, Equatable {
    /// The last record begins before these bytes, or there is none.
    case notSeen
    case notAuditLog
    case strangeLines(after: UInt64)
    case tooLong(after: UInt64, limit: Int)
  }

  init() {}

  /// - Parameter zeros: how many stand behind `bytes`.
  init(
    parsing bytes: [UInt8], isWholeFile: Bool, zeros: Int = 0, key: VerifyingKey? = nil
  ) throws(Fault) {
    endsInsideLine = zeros > 0 || bytes.last.map { $0 != UInt8(ascii: "\n") } ?? false
    let start = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    if zeros == 0, start < bytes.count, FoundLine(bytes[start...]) != nil {
      // Only the last can lack its newline. It gets one, and is a line like any other.
      goOn(behind: bytes[...], key: key)
      return
    }
    guard start > 0 else {
      // No whole line at all: an empty file, or a first run that crashed in its first line.
      guard isWholeFile else { throw .notSeen }
      let firstLine = #"{"created_at":""#.utf8
      guard bytes.prefix(firstLine.count).elementsEqual(firstLine.prefix(bytes.count)) else {
        throw .notAuditLog
      }
      try close(bytes[...], zeros: zeros, after: 0)
      return
    }
    guard let last = try Self.lastRecord(bytes[..<start], isWholeFile: isWholeFile) else {
      throw .notAuditLog
    }
    guard last.end == start - 1 else { throw .strangeLines(after: last.number) }
    try close(bytes[start...], zeros: zeros, after: last.number)
    goOn(behind: bytes[..<last.end], key: key)
  }

  private mutating func close(_ piece: ArraySlice<UInt8>, zeros: Int, after last: UInt64) throws(Fault) {
    guard piece.count <= AuditLimits.lineBytes else {
      throw .tooLong(after: last, limit: AuditLimits.lineBytes)
    }
    guard zeros <= AuditLimits.zerosLeft else { throw .tooLong(after: last, limit: AuditLimits.zerosLeft) }
    if !piece.isEmpty || zeros > 0 { torn = TornEnd(Array(piece).span, zeros: zeros) }
  }

  private mutating func goOn(behind lines: ArraySlice<UInt8>, key: VerifyingKey?) {
    let found = FoundEnd(lines, isTorn: torn != nil, key: key)
    chain = found.chain
    self.found = found
  }

  /// The last record in whole lines, and where its newline stands. Nil where there is none.
  private static func lastRecord(
    _ lines: ArraySlice<UInt8>, isWholeFile: Bool
  ) throws(Fault) -> (number: UInt64, end: Int)? {
    var end = lines.endIndex - 1
    while true {
      let start = (lines[..<end].lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
      // Of the first line here, only a part may be.
      if let line = FoundLine(lines[start..<end]) { return (line.number, end) }
      if start == 0 {
        if isWholeFile { return nil }
        throw .notSeen
      }
      end = start - 1
    }
  }
}
