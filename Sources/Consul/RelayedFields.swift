// What of the fields of Consul's reply the client reads.

internal import HTTP
internal import Record

/// The fields of one reply, reduced to the list below. They seldom change from one reply on a connection to the next,
/// so this is made again only when they do.
final class RelayedFields {
  let fields: Fields
  /// Each field of the list that occurs once; whatever else Consul sends stays here.
  let lines: FieldLines
  /// The reply is not in the coding that was asked for.
  let isEncoded: Bool
  private var searched: (by: UpstreamSettings, isFound: Bool)?

  init(_ fields: Fields) {
    self.fields = fields
    lines = FieldLines { $0.fields(Self.names, of: fields) }
    var isEncoded = false
    fields.forEach(.contentEncoding) { if !$0.equals(lowercased: "identity") { isEncoded = true } }
    self.isEncoded = isEncoded
  }

  /// Whether what the client reads of them holds the gate's own token.
  func holdSecret(of settings: UpstreamSettings) -> Bool {
    if let searched, searched.by === settings { return searched.isFound }
    var isFound = false
    fields.forEach { name, value in
      guard Self.names.contains(name) else { return }
      isFound = isFound || settings.secretSearch?.firstRange(in: value.bytes.span) != nil
    }
    searched = (settings, isFound)
    return isFound
  }

  private static let names: FieldNames = [
    .contentType, .allow, .vary, .retryAfter, .xConsulIndex, .xConsulKnownLeader, .xConsulLastContact,
    .xConsulQueryBackend, .xConsulDefaultACLPolicy, .xConsulTranslateAddresses, .xConsulEffectiveConsistency,
  ]
}
