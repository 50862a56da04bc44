// Where a connection is in its life.

enum ConnectionPhase {
  /// Nothing was asked yet.
  case handshake
  /// No request is under way: a drain ends the connection here without a word, unless one has come.
  case idle
  /// Idle for a while: its task was asked to end, or the next is on its way.
  case quiescing
  /// No task runs. One starts when there is something to read, or to do.
  case hibernating
  case exchange
  /// The answer has left, and what the client still sends is dropped: a drain makes that short.
  case dropping

  var isIdle: Bool { if case .idle = self { true } else { false } }
  var isQuiescing: Bool { if case .quiescing = self { true } else { false } }
}
