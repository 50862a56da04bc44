// The secret that a caller proves itself with. It never prints.

package import HTTP

/// One Consul token: 1 to 512 visible ASCII bytes, whole and exactly as they came, no case folding, no
/// splitting.
package struct Credential: Sendable {
  private let value: FieldValue

  private init(_ value: FieldValue) { self.value = value }

  package init?(_ secret: String) {
    guard let value = FieldValue(secret), Self.isWellFormed(value.bytes.span) else { return nil }
    self.value = value
  }

  /// For hashing and comparing.
  package func withBytes<Result, Failure: Error>(
    _ body: (Span<UInt8>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try body(value.bytes.span)
  }

  /// For `X-Consul-Token` towards Consul, and nothing else.
  package var fieldValue: FieldValue { value }

  /// The credential of a request: from `X-Consul-Token` or from `Authorization: Bearer`, never from a
  /// choice of two.
  ///
  /// Consul looks at the first line of several and prefers one field to the other; a proxy in front of it
  /// that chooses differently judges one token and forwards another.
  package static func from(_ fields: Fields) throws(Refusal) -> Credential? {
    let own = try from(consulToken: fields)
    let bearer = try from(authorization: fields)
    if let own, let bearer, bearer != own { throw .credentialsDiffer }
    guard let value = own ?? bearer else { return nil }
    // `anonymous` is the secret of Consul's anonymous token: to send it and to send nothing are the same. It differs from
    // every other token all the same.
    return value.equals("anonymous") ? nil : Credential(value)
  }

  private static func from(consulToken fields: Fields) throws(Refusal) -> FieldValue? {
    guard let value = fields[.xConsulToken] else { return nil }
    guard fields.occurrences(of: .xConsulToken) == 1 else { throw .repeatedField(.xConsulToken) }
    // Consul's user interface sends an empty one while nobody is logged in.
    return value.isEmpty ? nil : try checked(value)
  }

  /// RFC 6750 2.1, read as Consul does: the scheme ends at the first space and its letters may be of either
  /// case; any other scheme is somebody else's (CONSUL_HTTP_AUTH sends Basic for a proxy) and no credential
  /// here.
  private static func from(authorization fields: Fields) throws(Refusal) -> FieldValue? {
    guard let value = fields[.authorization] else { return nil }
    guard fields.occurrences(of: .authorization) == 1 else { throw .repeatedField(.authorization) }
    var word = value.bytes
    let scheme = word.prefix { $0 != UInt8(ascii: " ") }
    guard scheme.span.equals(lowercased: "bearer") else { return nil }
    word = word[scheme.endIndex...].drop { $0 == UInt8(ascii: " ") }
    guard !word.isEmpty else { return nil }
    guard let token = FieldValue(word) else { throw .invalidCredential }
    return try checked(token)
  }

  private static func checked(_ value: FieldValue) throws(Refusal) -> FieldValue {
    guard isWellFormed(value.bytes.span) else { throw .invalidCredential }
    return value
  }

  private static func isWellFormed(_ bytes: Span<UInt8>) -> Bool {
    guard (1...PeeringLimits.credentialBytes).contains(bytes.count) else { return false }
    for index in bytes.indices where !(0x21...0x7E).contains(bytes[index]) { return false }
    return true
  }
}

// Interpolated, dumped or reflected, it shows nothing.
extension Credential: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "(credential)" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
