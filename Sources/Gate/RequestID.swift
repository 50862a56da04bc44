// The name of a request, the same for the client, for Consul, and in both of its records.

internal import HTTP

struct RequestID {
  let field: FieldValue

  /// The client's own X-Request-Id if it is a safe one, else the trace it is part of, else `made`.
  init(_ head: RequestHead?, made: @autoclosure () -> FieldValue) {
    if let own = head?.fields[.xRequestID], head?.fields.occurrences(of: .xRequestID) == 1,
      RequestIdentifier.isValid(own)
    {
      field = own
    } else if let trace = head?.fields[.traceparent], TraceParent.isValid(trace),
      // version "-" trace-id "-" …: the trace-id is 32 bytes from the fourth on.
      let identifier = FieldValue(trace.bytes.dropFirst(3).prefix(32))
    {
      field = identifier
    } else {
      field = made()
    }
  }
}
