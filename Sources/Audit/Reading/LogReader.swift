// The lines of log files, as fast as they can be read.

package enum VerificationError: Error, Sendable, Equatable {
  case cannotRead(path: String, code: Int32)
  case lineTooLong(path: String, line: Int, bytes: Int)
  case noFiles
  /// gzip's: what is in it could be checked only after it is unpacked.
  case compressed(path: String)
  /// Anchors, of which those that are not read could be the ones that tell.
  case tooManyAnchors(path: String, limit: Int)
  /// Nothing that was given holds a record.
  case noRecord
  /// A file that was not given holds what is missing: a rotation came between the list of names and its files.
  case notNamed(path: String, from: UInt64)
  /// Another program moves the files faster than they can be put in order.
  case keepsMoving(path: String)
  /// Lines of a log, most left out, where a whole log is asked for.
  case isExtract(path: String)
  /// An extract among other files.
  case notAlone(path: String)
  /// An extract of a later version's.
  case unknownExtract(path: String)
}

extension VerificationError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .cannotRead(let path, let code): "cannot read \(path.debugDescription): \(systemMessage(code))"
    case .lineTooLong(let path, let line, let bytes):
      "\(path):\(line) is longer than \(bytes) bytes; no line of an audit log is"
    case .noFiles: "name the files of the audit log"
    case .compressed(let path):
      "\(path.debugDescription) is compressed; unpack it first: zcat FILE | peergate audit … -"
    case .tooManyAnchors(let path, let limit):
      "\(path.debugDescription) holds more than \(limit) anchors; give those of the time in question"
    case .noRecord: "there is no record in what was given, so there is nothing to check"
    case .notNamed(let path, let from):
      "the lines from number \(from) on are in \(path.debugDescription), which was not named: the log was rotated "
        + "meanwhile, or a name is missing; name it as well"
    case .isExtract(let path): "\(path.debugDescription) is an extract; give the files of the log itself"
    case .notAlone(let path): "\(path.debugDescription) is an extract; check each by itself"
    case .unknownExtract(let path):
      "\(path.debugDescription) is an extract of a format that this program does not know"
    case .keepsMoving(let path): "\(path.debugDescription) was rotated while it was read; try again"
    }
  }
}

package enum LogReader {
  /// Hands out every line of the file with its newline, then what is left without one. Stops early when
  /// `body` returns false. `-` is standard input.
  package static func forEachLine(
    of path: String, _ body: (_ line: Span<UInt8>, _ number: Int) -> Bool
  ) throws(VerificationError) {
    var overlong: Int?
    try LogSource.open(path).forEachLine { line, number, excess in
      guard excess == 0 else {
        overlong = number
        return false
      }
      return body(line, number)
    }
    if let overlong { throw .lineTooLong(path: path, line: overlong, bytes: AuditLimits.lineBytes) }
  }
}
