// Who else could write to a log.
import Glibc

/// What keeps the gate from writing a log: somebody but its own user and root could change what is recorded, or put other
/// files in its place. OpenSSH and logrotate refuse the same of their files. A folder that anybody may write to is refused
/// with the sticky bit, too: that keeps others from renaming a log, and not from making files with the names of rotated
/// ones, for which the gate would delete its own.
package struct Exposure: Sendable, Equatable {
  package enum Place: Sendable, Equatable { case file, folder }

  package enum Kind: Sendable, Equatable {
    /// An owner may give himself every permission.
    case owned(by: UInt32, gate: UInt32)
    case writableByAnybody
  }

  package let place: Place
  package let path: String
  package let kind: Kind

  /// Nil where only the gate's user and root may write, and members of the file's group at most.
  init?(_ place: Place, _ path: String, _ status: FileStatus, gate: UInt32 = geteuid()) {
    self.place = place
    self.path = path
    if status.owner != 0, status.owner != gate {
      kind = .owned(by: status.owner, gate: gate)
    } else if status.permissions & 0o002 != 0 {
      kind = .writableByAnybody
    } else {
      return nil
    }
  }
}

extension Exposure: CustomStringConvertible {
  package var description: String {
    let what =
      switch place {
      case .file: "the audit file \(quoted(path))"
      case .folder: "the folder \(quoted(path)) of the audit file"
      }
    switch kind {
    case .owned(let owner, let gate):
      return
        "\(what) belongs to \(Accounts.user(owner)), who could change what is recorded; the gate runs as "
        + "\(Accounts.user(gate)): chown it to that user or to root, or name another file"
    case .writableByAnybody:
      return
        "\(what) is writable by every user of this machine, who could change what is recorded: chmod o-w it, or "
        + "name a file in another folder"
    }
  }
}
