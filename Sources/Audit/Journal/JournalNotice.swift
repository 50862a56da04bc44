// What the journal tells the operator's log.

package struct JournalNotice: Sendable, Equatable {
  package enum Event: Sendable, Equatable {
    /// The sink was opened, rotated, found renamed or deleted, or connected. `tornBytes` of unfinished
    /// lines stood at its end and were closed off; `movedTo` is the rotated file.
    case began(cause: String, tornBytes: Int, movedTo: String?)
    /// Lines are lost; so many more wait.
    case failing(AuditError, waiting: Int)
    case recovered(Outage)
    case rotationFailed(AuditError)
    case anchorFailed(AuditError)
    /// Members of a group other than root's may write to the file, or to its folder.
    case writableByGroup(Exposure.Place)
    /// A file with a rotated one's name that is not deleted, whatever `rotate_max_files` says.
    case leftAlone(path: String)
    /// The clock of the machine, told by the first sink.
    case clockSetBack(from: WallTime, to: WallTime)
  }

  /// A time in which a sink did not keep what it was given.
  package struct Outage: Sendable, Equatable {
    package let since: WallTime
    package var lostLines: Int

    package init(since: WallTime, lostLines: Int = 0) {
      self.since = since
      self.lostLines = lostLines
    }
  }

  /// The sink as the operator named it.
  package let sink: String
  package let event: Event

  /// Whether somebody should act.
  package var isProblem: Bool {
    switch event {
    case .began(let cause, let tornBytes, _):
      tornBytes > 0 || cause == Beginning.Cause.removed.rawValue
        || cause == Beginning.Cause.truncated.rawValue
    case .failing, .clockSetBack, .rotationFailed, .anchorFailed, .leftAlone: true
    case .recovered, .writableByGroup: false
    }
  }

  /// Whether somebody should know who set it up so.
  package var isWarning: Bool { if case .writableByGroup = event { true } else { false } }
}

extension JournalNotice: CustomStringConvertible {
  package var description: String {
    switch event {
    case .began(let cause, let tornBytes, let movedTo):
      "audit sink \(sink) begins (\(cause))"
        + (movedTo.map { ", the lines before are in \($0)" } ?? "")
        + (tornBytes > 0 ? ", an unfinished line of \(tornBytes) bytes was closed off" : "")
    case .failing(let error, _): "audit sink \(sink) fails: \(error)"
    case .recovered(let outage): "audit sink \(sink) works again; lines not kept: \(outage.lostLines)"
    case .clockSetBack(let from, let to):
      "the clock was set back by \((from.microseconds - to.microseconds) / 1_000_000) s: times in the audit log are out of "
        + "order here, its numbers are not"
    case .anchorFailed(let error): "audit sink \(sink): no anchor was written: \(error)"
    case .writableByGroup(.file):
      "audit sink \(sink): the members of its group may write to the file and change what is recorded; chmod g-w it"
    case .writableByGroup(.folder):
      "audit sink \(sink): the members of its folder's group may put other files in its place; chmod g-w the folder"
    case .leftAlone(let path):
      "audit sink \(sink) leaves \(quoted(path)) alone: it has the name of a rotated file, and is none, or not as the gate "
        + "left it"
    case .rotationFailed(let error): "audit sink \(sink) was not rotated: \(error)"
    }
  }
}
