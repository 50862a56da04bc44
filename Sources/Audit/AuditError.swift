// What can go wrong with the record, each with whose fault it is.
import Glibc

/// Every case is ours or the operator's: a client cannot cause one by what it sends. `description` is for
/// the operator's log and may name paths; a client learns only that the record cannot be kept.
package enum AuditError: Error, Sendable, Equatable {
  /// Operator: the path cannot be opened for appending.
  case cannotOpen(path: String, code: Int32)
  /// Operator: the path is a directory.
  case isDirectory(path: String)
  /// Operator: the directory that should hold the file is not there.
  case parentMissing(path: String)
  /// Operator: the path is a symbolic link, behind which anybody who owns the link chooses the file.
  case isSymbolicLink(path: String)
  /// Operator: others could change the file, or put another in its place.
  case exposed(Exposure)
  /// Operator: new files are to be of a group that the process may not give them to.
  case notInGroup(path: String, group: String)
  /// Operator: a new file does not take its mode or group.
  case cannotSetAccess(path: String, code: Int32)
  /// Operator: a FIFO that nobody reads; a record in it would be kept by nobody.
  case nobodyReads(path: String)
  /// Operator: a second process would break the order of the lines.
  case inUse(path: String)
  /// Operator: the file exists and its end is no audit line; adding to it would spoil it.
  case notAuditLog(path: String)
  /// Somebody has written lines behind the last record that are none; a crash leaves no whole lines.
  case strangeLines(path: String, after: UInt64)
  /// More than a crash leaves stands behind the last record.
  case strangeEnd(path: String, after: UInt64, limit: Int)
  /// Somebody has changed the end of the file, which was signed; what follows must not cover that.
  case signedPartBroken(path: String, String)
  /// Operator: the file cannot be renamed; it goes on being written.
  case cannotRotate(path: String, code: Int32)
  /// Somebody deleted the file under us.
  case removed(path: String)
  /// Operator: nobody answers at the address of a sink.
  case notConnected(to: String, code: Int32)
  /// Operator: the name of a sink's host has no address.
  case unknownHost(String)
  /// Operator: the log has nowhere to go.
  case noSink
  /// Operator: only a file can be told to reach the disk.
  case cannotBeDurable(sink: String)
  /// Ours: no thread for the journal.
  case cannotStartThread(code: Int32)
  /// The sink took the lines in part or not at all. Nothing of the failed batch counts as kept.
  case notWritten(code: Int32)
  /// More waits for the sink than the journal will hold; refused before it was queued.
  case queueFull(lines: Int, bytes: Int)
  /// The journal has been closed.
  case closed
}

extension AuditError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .cannotOpen(let path, let code):
      "cannot open the audit file \(quoted(path)): \(systemMessage(code))"
    case .isDirectory(let path):
      "the audit file \(quoted(path)) is a directory; name a file in it"
    case .parentMissing(let path):
      "the directory of the audit file \(quoted(path)) does not exist; create it first"
    case .isSymbolicLink(let path):
      "the audit file \(quoted(path)) is a symbolic link; name the file that it points to"
    case .exposed(let exposure): "\(exposure)"
    case .notInGroup(let path, let group):
      "the audit file \(quoted(path)) cannot be of the group \(quoted(group)): the gate runs as "
        + "\(Accounts.user(geteuid())), which is no member of it"
    case .cannotSetAccess(let path, let code):
      "cannot set mode and group of the audit file \(quoted(path)): \(systemMessage(code))"
    case .nobodyReads(let path):
      "no process reads the audit pipe \(quoted(path)); start its reader first"
    case .inUse(let path):
      "another process writes the audit file \(quoted(path)); give each gate its own file"
    case .notAuditLog(let path):
      "the file \(quoted(path)) is not an audit log; name a new file or move this one away"
    case .signedPartBroken(let path, let fault):
      "the audit file \(quoted(path)) was changed: \(fault). " + Self.evidence
    case .strangeLines(let path, let number):
      "the audit file \(quoted(path)) was changed: behind its record \(number) stand lines that no gate wrote. "
        + Self.evidence
    case .strangeEnd(let path, let number, let limit):
      "the audit file \(quoted(path)) was changed: behind its record \(number) stand more than \(limit) bytes that are no "
        + "record, and no crash leaves so many. " + Self.evidence
    case .cannotRotate(let path, let code):
      "cannot rotate the audit file \(quoted(path)): \(systemMessage(code))"
    case .removed(let path):
      "the audit file \(quoted(path)) was deleted while it was written"
    case .notConnected(let address, let code):
      "cannot connect to the audit sink \(address): \(systemMessage(code))"
    case .unknownHost(let host):
      "the host \(quoted(host)) of an audit sink has no address"
    case .noSink:
      "the audit log has no sink; name a file"
    case .cannotBeDurable(let sink):
      "the audit sink \(sink) cannot be durable; only a file can, use enforced here"
    case .cannotStartThread(let code):
      "cannot start the audit thread: \(systemMessage(code))"
    case .notWritten(let code):
      "the audit record was not written: \(systemMessage(code))"
    case .queueFull(let lines, let bytes):
      "the audit sink is too slow: \(lines) lines of \(bytes) bytes wait for it"
    case .closed:
      "the audit journal is closed"
    }
  }

  private static let evidence =
    "Keep it as evidence: move it, and the files rotated away from it, to another folder; the gate then begins a new log"
}
