// Whether a connection goes on after this message.

/// RFC 9112 9.3 and RFC 9110 7.6.1: Connection = #connection-option, each a token.
enum Persistence {
  /// `close` wins over everything; HTTP/1.1 persists by default, HTTP/1.0 only when asked to.
  static func isPersistent(_ fields: Fields, version: HTTPVersion) throws(Malformed) -> Bool {
    guard fields.contains(.connection) else { return version == .http11 }
    var hasClose = false
    var hasKeepAlive = false
    var isList = true
    fields.forEach(.connection) { value in
      ListElements.forEach(value.bytes.span) { option in
        if option.equals(lowercased: "close") { hasClose = true }
        if option.equals(lowercased: "keep-alive") { hasKeepAlive = true }
        for index in option.indices where !ByteClass.token.contains(option[index]) { isList = false }
      }
    }
    guard isList else { throw .connectionOption }
    return !hasClose && (version == .http11 || hasKeepAlive)
  }
}
