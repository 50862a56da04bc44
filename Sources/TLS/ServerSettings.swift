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

  /// Everything worth a line at start.
  package var warnings: [CredentialWarning] {
    switch clientCertificates {
    case .ignored: identity.warnings
    case .optional(let bundle), .required(let bundle): identity.warnings + bundle.warnings
    }
  }

  /// Fails if no context could be made of these: afterwards a worker's context can fail for want of
  /// memory only.
  package init(
    identity: Identity, clientCertificates: ClientCertificates = .ignored,
    minimumVersion: ProtocolVersion = .tls12
  ) throws(TLSError) {
    self.identity = identity
    self.clientCertificates = clientCertificates
    self.minimumVersion = minimumVersion
    _ = try ServerContext(self, ticketKeys: try TicketKeys())
  }

  /// `requiresClientCertificate` counts only with a CA file; a CA file without it makes them optional.
  package static func load(
    certificateFile: String, keyFile: String, clientAuthoritiesFile: String? = nil,
    requiresClientCertificate: Bool = false, minimumVersion: ProtocolVersion = .tls12
  ) throws(TLSError) -> ServerSettings {
    let identity = try Identity.load(certificateFile: certificateFile, keyFile: keyFile)
    var clients = ClientCertificates.ignored
    if let clientAuthoritiesFile {
      let authorities = try CertificateBundle.load(clientAuthoritiesFile)
      clients = requiresClientCertificate ? .required(authorities) : .optional(authorities)
    }
    do {
      return try ServerSettings(
        identity: identity, clientCertificates: clients, minimumVersion: minimumVersion)
    } catch .library(_, let reason) {
      // What OpenSSL refuses in a file that parsed: a key too short, a digest too weak.
      throw .file(certificateFile, .unusable(reason))
    }
  }
}
