// What a TLS listener presents and demands: read from files once, checked once, then plain values.

package struct ServerSettings: Sendable {
  /// Consul's `verify_incoming`, with the middle way added.
  package enum ClientCertificates: Sendable {
    case ignored
    /// Asked for; one that is shown must be good.
    case optional(CertificateBundle)
    case required(CertificateBundle)
  }

  package let identity: Identity
  package let clientCertificates: ClientCertificates
  package let minimumVersion: ProtocolVersion
  /// The same with the revocations, in a form to be asked with every request.
  package let clientRules: ClientRules

  /// Until when the CRLs hold.
  package var revocationTerms: [RevocationTerm] { clientRules.revocations?.terms ?? [] }

  /// Everything worth a line at start.
  package var warnings: [CredentialWarning] {
    let authorities: [CredentialWarning] =
      switch clientCertificates {
      case .ignored: []
      case .optional(let bundle), .required(let bundle): bundle.warnings
      }
    return identity.warnings + authorities + (clientRules.revocations?.warnings ?? [])
  }

  /// Of all files these were read from.
  package var digests: [CredentialDigest] {
    let authorities: [CredentialDigest] =
      switch clientCertificates {
      case .ignored: []
      case .optional(let bundle), .required(let bundle): bundle.digests
      }
    return identity.digests + authorities + (clientRules.revocations?.digests ?? [])
  }

  /// Fails if no context could be made of these: afterwards a worker's context can fail for want of
  /// memory only.
  package init(
    identity: Identity, clientCertificates: ClientCertificates = .ignored,
    revocations: RevocationList? = nil, minimumVersion: ProtocolVersion = .tls12
  ) throws(TLSError) {
    self.identity = identity
    self.clientCertificates = clientCertificates
    self.minimumVersion = minimumVersion
    clientRules = try ClientRules(
      clientCertificates, revocations: revocations, minimumVersion: minimumVersion)
    _ = try ServerContext(self, ticketKeys: try TicketKeys())
  }

  /// `requiresClientCertificate` and `revocationFiles` count only with a CA file; a CA file without the former makes them
  /// optional.
  package static func load(
    certificateFile: String, keyFile: String, clientAuthoritiesFile: String? = nil,
    requiresClientCertificate: Bool = false, revocationFiles: [String] = [],
    revocationExpiry: RevocationList.Expiry = .refused, minimumVersion: ProtocolVersion = .tls12
  ) throws(TLSError) -> ServerSettings {
    let identity = try Identity.load(certificateFile: certificateFile, keyFile: keyFile, for: .server)
    var clients = ClientCertificates.ignored
    var revocations: RevocationList?
    if let clientAuthoritiesFile {
      let authorities = try CertificateBundle.load(clientAuthoritiesFile)
      clients = requiresClientCertificate ? .required(authorities) : .optional(authorities)
      if !revocationFiles.isEmpty {
        revocations = try .load(revocationFiles, of: authorities, expiry: revocationExpiry)
      }
    }
    return try ServerSettings(
      identity, from: certificateFile, clientCertificates: clients, revocations: revocations,
      minimumVersion: minimumVersion)
  }

  /// What OpenSSL refuses in a file that parsed, a key too short or a digest too weak, is told of `certificateFile`.
  package init(
    _ identity: Identity, from certificateFile: String, clientCertificates: ClientCertificates,
    revocations: RevocationList?, minimumVersion: ProtocolVersion
  ) throws(TLSError) {
    do throws(TLSError) {
      try self.init(
        identity: identity, clientCertificates: clientCertificates, revocations: revocations,
        minimumVersion: minimumVersion)
    } catch .library(_, let reason) {
      throw .file(certificateFile, .unusable(reason))
    }
  }
}
