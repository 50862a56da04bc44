// OpenSSL's error queue, drained into values.

internal import COpenSSL

enum ErrorQueue {
  struct Entry: Hashable, Sendable {
    let library: Int32
    let reason: Int32
    let text: String
  }

  /// The queue belongs to the thread, not to a connection: what one leaves behind, the next would take for
  /// its own failure. Clearing walks sixteen slots, so look first.
  static func clear() {
    if ERR_peek_error() != 0 { ERR_clear_error() }
  }

  /// Takes everything out, the cause first.
  static func drain() -> [Entry] {
    var entries: [Entry] = []
    while true {
      let code = ERR_get_error()
      if code == 0 { return entries }
      let text = unsafe ERR_reason_error_string(code).map { unsafe String(cString: $0) }
      entries.append(
        Entry(
          library: ERR_GET_LIB(code), reason: ERR_GET_REASON(code), text: text ?? "error \(code)"))
    }
  }
}
