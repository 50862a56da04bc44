// Certificates for tests: an authority, a server for localhost, and clients, as values and as files.

package import TLS

package struct TestPKI: Sendable {
  package let authority: DevelopmentAuthority
  package let server: Identity
  private let folder: ScratchFolder

  package init(serverKey: KeyKind = .ecdsaP256) throws {
    authority = try DevelopmentAuthority(commonName: "Test CA")
    server = try authority.issueServer(
      names: [.dns("localhost"), .ip("127.0.0.1"), .ip("::1")], key: serverKey)
    folder = try ScratchFolder()
    try folder.write("ca.pem", authority.certificatePEM)
    try store(server, as: "server")
  }

  package var authorityFile: String { folder.path + "/ca.pem" }
  package var serverCertificateFile: String { certificateFile("server") }
  package var serverKeyFile: String { keyFile("server") }

  /// A client certificate, and its files `<name>.pem` and `<name>-key.pem`.
  package func client(
    _ name: String, names: [SubjectAlternativeName] = [], validity: Validity = .days(1)
  ) throws -> Identity {
    let identity = try authority.issueClient(commonName: name, names: names, validity: validity)
    try store(identity, as: name)
    return identity
  }

  package func certificateFile(_ name: String) -> String { "\(folder.path)/\(name).pem" }
  package func keyFile(_ name: String) -> String { "\(folder.path)/\(name)-key.pem" }

  /// One worker's context, with ticket keys of its own unless some are given.
  package func serverContext(
    clientCertificates: ServerSettings.ClientCertificates = .ignored,
    minimumVersion: ProtocolVersion = .tls12, ticketKeys: TicketKeys? = nil
  ) throws -> ServerContext {
    let settings = try ServerSettings(
      identity: server, clientCertificates: clientCertificates, minimumVersion: minimumVersion)
    return try ServerContext(settings, ticketKeys: ticketKeys ?? TicketKeys())
  }

  /// A context that trusts this authority and expects `localhost`.
  package func clientContext(
    serverName: ServerName = .dns("localhost"), identity: Identity? = nil
  ) throws -> ClientContext {
    let settings = try ClientSettings(
      serverName: serverName, trust: .authorities(authority.bundle), identity: identity)
    return try ClientContext(settings)
  }

  private func store(_ identity: Identity, as name: String) throws {
    try folder.write("\(name).pem", identity.certificatePEM)
    try folder.write("\(name)-key.pem", identity.privateKeyPEM)
  }
}
