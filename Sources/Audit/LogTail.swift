// Where a log stands that a former run has left.
import Digests

/// The end of a log file as the writer needs it. What it cannot make sense of it refuses to add to: a
/// wrong path in the configuration should not grow somebody else's file.
struct LogTail: Equatable {
  var chain = Chain.beginning
  /// Bytes of unfinished lines behind the last whole one.
  var tornBytes = 0
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
      guard var tail = LogTail(parsing: bytes, isWholeFile: isWholeFile, key: key) else {
        throw .notAuditLog(path: path)
      }
      // Further back, as long as no signature is in sight: a writer leaves none out for so long.
      if let found = tail.found, found.signed == .none, key != nil, !isWholeFile,
        window < AuditLimits.checkedBytes
      {
        window *= 4
        continue
      }
      if case .broken(let fault)? = tail.found?.signed { throw .signedPartBroken(path: path, fault) }
      if file.zeros > 0 {
        tail.tornBytes += file.zeros
        tail.endsInsideLine = true
      }
      return tail
    }
  }

  init() {}

  /// Nil when there is no whole line of a log in it, nor the beginning of a first one.
  init?(parsing bytes: [UInt8], isWholeFile: Bool, key: VerifyingKey? = nil) {
    endsInsideLine = bytes.last.map { $0 != UInt8(ascii: "\n") } ?? false
    var end = bytes.count
    while end > 0 {
      let isTerminated = bytes[end - 1] == UInt8(ascii: "\n")
      let contentEnd = isTerminated ? end - 1 : end
      let start = (bytes[..<contentEnd].lastIndex(of: UInt8(ascii: "\n")) ?? -1) + 1
      if FoundLine(bytes[start..<contentEnd]) != nil {
        // Only the last can lack its newline. It gets one, and is a line like any other.
        let found = FoundEnd(bytes[..<contentEnd], isTorn: tornBytes > 0, key: key)
        chain = found.chain
        self.found = found
        return
      }
      tornBytes += contentEnd - start
      end = start
    }
    // No whole line at all: an empty file, or a first run that crashed in its first line.
    let firstLine = #"{"created_at":""#.utf8
    guard isWholeFile, bytes.prefix(firstLine.count).elementsEqual(firstLine.prefix(bytes.count)) else {
      return nil
    }
  }
}
