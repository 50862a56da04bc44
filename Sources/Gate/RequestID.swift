// The name of a request, the same for the client, for Consul, and in both of its records.

internal import HTTP

struct RequestID {
  let field: FieldValue

  /// The name that the client has given it, else `made`.
  init(_ fields: CallerFields?, made: @autoclosure () -> FieldValue) {
    field = fields?.identifier ?? made()
  }

  /// The client's own X-Request-Id if it is a safe one, else the trace that the request is part of.
  static func identifier(in fields: Fields) -> FieldValue? {
    if let own = fields[.xRequestID], fields.occurrences(of: .xRequestID) == 1, RequestIdentifier.isValid(own)
    {
      return own
    }
    guard let trace = TraceParent.only(in: fields) else { return nil }
    // version "-" trace-id "-" …: the trace-id is 32 bytes from the fourth on.
    return FieldValue(trace.bytes.dropFirst(3).prefix(32))
  }
}
