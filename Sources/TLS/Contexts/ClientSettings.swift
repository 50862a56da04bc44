// Whom we talk TLS to, whom we trust to vouch for them, and who we say we are.

package struct ClientSettings: Sendable {
  package enum Trust: Sendable {
    /// The authorities of the machine: OpenSSL's default file and directory, looked up when needed.
    case system
    case authorities(CertificateBundle)
  }

  package let serverName: ServerName
  package let trust: Trust
  package let identity: Identity?
  package let minimumVersion: ProtocolVersion

  package var warnings: [CredentialWarning] {
    var warnings = identity?.warnings ?? []
    if case .authorities(let bundle) = trust { warnings += bundle.warnings }
    return warnings
  }

  package var digests: [CredentialDigest] {
    var digests = identity?.digests ?? []
    if case .authorities(let bundle) = trust { digests += bundle.digests }
    return digests
  }

  /// Fails if no context could be made of these.
  package init(
    serverName: ServerName, trust: Trust, identity: Identity? = nil, minimumVersion: ProtocolVersion = .tls12
  ) throws(TLSError) {
    self.serverName = serverName
    self.trust = trust
    self.identity = identity
    self.minimumVersion = minimumVersion
    _ = try ClientContext(self)
  }

  /// No CA file: the authorities of the machine. A certificate file and a key file come together or not at all.
  package static func load(
    serverName: ServerName, authoritiesFile: String? = nil,
    identityFiles: (certificate: String, key: String)? = nil, minimumVersion: ProtocolVersion = .tls12
  ) throws(TLSError) -> ClientSettings {
    var trust = Trust.system
    if let authoritiesFile { trust = .authorities(try CertificateBundle.load(authoritiesFile, for: .server)) }
    var identity: Identity?
    if let files = identityFiles {
      identity = try Identity.load(certificateFile: files.certificate, keyFile: files.key, for: .client)
    }
    do {
      return try ClientSettings(
        serverName: serverName, trust: trust, identity: identity, minimumVersion: minimumVersion)
    } catch .library(let operation, let reason) {
      guard let files = identityFiles else { throw .library(operation: operation, reason: reason) }
      throw .file(files.certificate, .unusable(reason))
    }
  }
}
