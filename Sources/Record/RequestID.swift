// The names of a request: the gate's own, and what the client calls it.

package import HTTP

package struct RequestID {
  /// In both of its records, and in nobody else's: a client that chose it could give its requests the name of an
  /// administrator's change.
  package let own: FieldValue
  /// What the client and Consul read: the client's own X-Request-Id if it is a safe one, else the gate's name.
  package let shown: FieldValue

  /// - Parameters:
  ///   - clientID: what the client calls it; nil if it says nothing that may be shown.
  ///   - own: made for this request.
  package init(_ clientID: FieldValue?, made own: FieldValue) {
    self.own = own
    shown = clientID ?? own
  }
}
