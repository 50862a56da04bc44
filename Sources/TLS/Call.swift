// The funnel: every OpenSSL call that can fail goes through here. Clear the queue, call, classify, drain.

internal import COpenSSL

enum Call {
  /// A call that says by a positive number that it worked.
  static func check<Number: BinaryInteger>(
    _ operation: StaticString, _ call: () -> Number
  ) throws(TLSError) {
    ErrorQueue.clear()
    guard call() > 0 else { throw failure(of: operation) }
  }

  /// A call that makes something, and says by nothing that it failed.
  static func make<Made>(_ operation: StaticString, _ call: () -> Made?) throws(TLSError) -> Made {
    ErrorQueue.clear()
    guard let made = call() else { throw failure(of: operation) }
    return made
  }

  /// A call whose failure is an answer, not a fault: it comes back as the entries it left.
  static func attempt<Made>(_ call: () -> Made?) -> Attempt<Made> {
    ErrorQueue.clear()
    if let made = call() { return .made(made) }
    return .failed(ErrorQueue.drain())
  }

  enum Attempt<Made> {
    case made(Made)
    case failed([ErrorQueue.Entry])
  }

  enum SessionOutcome {
    case done
    case needsInput
    case closed
    case failed([ErrorQueue.Entry])
  }

  /// A step of a conversation: SSL_do_handshake, SSL_read_ex, SSL_write_ex, SSL_shutdown.
  static func step(_ session: OpaquePointer, _ call: (OpaquePointer) -> Int32) -> SessionOutcome {
    ErrorQueue.clear()
    let result = unsafe call(session)
    if result > 0 { return .done }
    return switch unsafe SSL_get_error(session, result) {
    case SSL_ERROR_WANT_READ: .needsInput
    case SSL_ERROR_ZERO_RETURN: .closed
    // The outbound queue always has room, so WANT_WRITE cannot be; nor can the wants of callbacks that
    // are not installed. They fall in here with SSL_ERROR_SSL and SSL_ERROR_SYSCALL.
    default: .failed(ErrorQueue.drain())
    }
  }

  private static func failure(of operation: StaticString) -> TLSError {
    let entries = ErrorQueue.drain()
    let reason = entries.isEmpty ? "no reason given" : entries.map(\.text).joined(separator: ", ")
    return .library(operation: "\(operation)", reason: reason)
  }
}
