// What the journal tells the operator's log.

package struct JournalNotice: Sendable, Equatable {
  package enum Event: Sendable, Equatable {
    /// The sink was opened, rotated, found renamed or deleted, or connected. `tornBytes` of unfinished
    /// lines stood at its end and were closed off; `movedTo` is the rotated file.
    case began(cause: String, tornBytes: Int, movedTo: String?)
    case failing(AuditError)
    case recovered
    case rotationFailed(AuditError)
    case anchorFailed(AuditError)
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
    case .failing, .rotationFailed, .anchorFailed: true
    case .recovered: false
    }
  }
}

extension JournalNotice: CustomStringConvertible {
  package var description: String {
    switch event {
    case .began(let cause, let tornBytes, let movedTo):
      "audit sink \(sink) begins (\(cause))"
        + (movedTo.map { ", the lines before are in \($0)" } ?? "")
        + (tornBytes > 0 ? ", an unfinished line of \(tornBytes) bytes was closed off" : "")
    case .failing(let error): "audit sink \(sink) fails: \(error)"
    case .recovered: "audit sink \(sink) works again"
    case .anchorFailed(let error): "audit sink \(sink): no anchor was written: \(error)"
    case .rotationFailed(let error): "audit sink \(sink) was not rotated: \(error)"
    }
  }
}
