// The names of a request: the gate's own, and what the client calls it.

internal import HTTP

struct RequestID {
  /// In both of its records, and in nobody else's: a client that chose it could give its requests the name of an
  /// administrator's change.
  let own: FieldValue
  /// What the client and Consul read: the client's own X-Request-Id if it is a safe one, else the gate's name.
  let shown: FieldValue

  init(_ fields: CallerFields?, made own: FieldValue) {
    self.own = own
    shown = fields?.requestID ?? own
  }
}
