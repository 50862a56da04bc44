// The funnel: every call into OpenSSL that can fail goes through here.

import COpenSSL

/// OpenSSL keeps errors in a queue per thread. Stale entries would be blamed on the next call that fails,
/// so the queue is cleared before each call and emptied into the thrown value after a failure.
enum Call {
  /// For functions that answer 1 when all went well.
  @inline(__always)
  static func check(_ name: StaticString, _ body: () -> Int32) throws(DigestError) {
    clear()
    guard body() == 1 else { throw failure(name) }
  }

  /// For functions that answer a new object, or NULL.
  @inline(__always)
  static func make(_ name: StaticString, _ body: () -> OpaquePointer?) throws(DigestError) -> OpaquePointer {
    clear()
    guard let made = unsafe body() else { throw failure(name) }
    return unsafe made
  }

  /// Emptying walks sixteen slots and frees each one's text, which costs more than hashing a token; the queue
  /// is nearly always empty already.
  @inline(__always)
  static func clear() {
    if ERR_peek_error() != 0 { ERR_clear_error() }
  }

  static func failure(_ name: StaticString) -> DigestError {
    .openSSL(call: name.description, reasons: drain())
  }

  private static func drain() -> [String] {
    var reasons: [String] = []
    while true {
      let code = ERR_get_error()
      if code == 0 { return reasons }
      // The text is a constant inside OpenSSL; nil for codes it has no words for.
      let text = unsafe ERR_reason_error_string(code).map { unsafe String(cString: $0) }
      reasons.append(text ?? "error code \(code)")
    }
  }
}
