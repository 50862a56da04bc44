// What of the fields of Consul's reply the client reads.

internal import HTTP

/// The fields of one reply, reduced to the list below. They seldom change from one reply on a connection to the next,
/// so this is made again only when they do.
final class RelayedFields {
  let fields: Fields
  /// Each field of the list that occurs once; whatever else Consul sends stays here. And that no cache may keep the reply:
  /// RFC 9111 3.5 protects what was asked for with `Authorization`, but knows no `X-Consul-Token`.
  let lines: FieldLines
  /// The reply is not in the coding that was asked for.
  let isEncoded: Bool

  init(_ fields: Fields) {
    self.fields = fields
    lines = FieldLines { lines in
      lines.field(.cacheControl, literal: "no-store")
      lines.fields(Self.names, of: fields)
    }
    var isEncoded = false
    fields.forEach(.contentEncoding) { if !$0.equals(lowercased: "identity") { isEncoded = true } }
    self.isEncoded = isEncoded
  }

  private static let names: FieldNames = [
    .contentType, .allow, .vary, .retryAfter, .xConsulIndex, .xConsulKnownLeader, .xConsulLastContact,
    .xConsulQueryBackend, .xConsulDefaultACLPolicy, .xConsulTranslateAddresses, .xConsulEffectiveConsistency,
  ]
}
