// Who asks: a token, or nobody in particular.
package import Bytes
package import Peering

/// A token of the policy set with its policies at hand. A class, because every verdict carries it.
package final class Subject: Sendable {
  /// The name of the token's stanza, or `anonymous`.
  package let name: ByteString
  package let accessorID: AccessorID
  /// Consul withholds from anonymous callers whether a list was filtered, and words their denials
  /// differently.
  package let isAnonymous: Bool

  let tables: [RuleTable]
  let policies: [PolicyStanza]
  private let statedLevels: StatedLevels
  private let notBefore: Timestamp?
  private let notAfter: Timestamp?
  private let revoked: Bool
  private let sources: [AddressRange]
  private let certificate: CertificateNames?

  init(_ token: TokenStanza, policies: [PolicyStanza], tables: [RuleTable]) {
    name = token.name
    accessorID = token.accessorID
    isAnonymous = false
    self.policies = policies
    statedLevels = StatedLevels(policies)
    self.tables = tables
    notBefore = token.notBefore
    notAfter = token.notAfter
    revoked = token.revoked
    sources = token.sources
    certificate = token.certificate
  }

  init(anonymousWith policies: [PolicyStanza], tables: [RuleTable]) {
    name = "anonymous"
    accessorID = .anonymous
    isAnonymous = true
    self.policies = policies
    statedLevels = StatedLevels(policies)
    self.tables = tables
    notBefore = nil
    notAfter = nil
    revoked = false
    sources = []
    certificate = nil
  }

  /// How much is recorded of an operation that the token was allowed; `gate` says what holds where its policies are
  /// silent.
  package func recordLevel(of operation: Operation, by gate: RecordLevels) -> RecordLevel {
    statedLevels.level(of: operation, by: gate)
  }

  /// Why the token does not count on this connection now; nil when it does.
  func rejection(_ connection: PolicyAttributes, at now: Timestamp) -> Denial.Reason? {
    if revoked { return .tokenRevoked }
    if let notBefore, now < notBefore { return .tokenNotYetValid }
    if let notAfter, now >= notAfter { return .tokenExpired }
    if !sources.isEmpty {
      guard let source = connection.source, sources.contains(where: { $0.contains(source) }) else {
        return .sourceNotAllowed
      }
    }
    if let certificate, certificate.recognise(connection) == nil { return .certificateNotAllowed }
    return nil
  }

  /// The very name of the client certificate by which the token is accepted on this connection: alone, or beside its
  /// secret. Nil if the token asks for no certificate, or for another than was shown.
  package func recognisedName(on connection: PolicyAttributes) -> CertificateName? {
    certificate?.recognise(connection)
  }

  /// The rule that decides about a name: the most specific over all policies, and within one key deny before
  /// write before read. Each policy's own best suffices for that: the most specific key overall is the best
  /// of every policy that holds it.
  func rule(for name: Span<UInt8>, in partition: PartitionKey) -> Rule? {
    var best: (table: RuleTable, match: Match)?
    for table in tables {
      guard let match = table.match(name, in: partition) else { continue }
      if let best, !match.prevails(over: best.match) { continue }
      best = (table, match)
    }
    return best.map { $0.table.rule(of: $0.match) }
  }
}
