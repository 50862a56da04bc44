// The `listener` block: where the gate listens, who it says it is, and which clients it lets in.

internal import Bytes
internal import HCL
internal import Sockets
internal import TLS

extension SettingsFile {
  func listener(_ block: Block) -> (Endpoint, ServerSettings)? {
    var reader = Reader(block.body, of: block.title, in: source, into: report)
    let address = reader.requiredString("address")
    let tls = reader.block("tls")
    if tls == nil { reader.reportMissing("tls", hint: ": tokens never cross the network in the clear") }
    reader.finish()
    let endpoint = address.flatMap { self.endpoint($0) }
    let settings = tls.flatMap { serverSettings($0) }
    guard let endpoint, let settings else { return nil }
    return (endpoint, settings)
  }

  private func endpoint(_ address: Located<ByteString>) -> Endpoint? {
    do throws(SocketError) {
      let endpoint = try Endpoint(parsing: address.value.string)
      if case .tcp = endpoint { return endpoint }
      report.error(
        at: address.position, in: source, "the gate listens on host:port, so that TLS says who is there")
      return nil
    } catch {
      report.error(at: address.position, in: source, "\(error)")
      return nil
    }
  }

  private func serverSettings(_ block: Block) -> ServerSettings? {
    var reader = Reader(block.body, of: block.title, in: source, into: report)
    let certificate = reader.requiredString("cert_file")
    let key = reader.requiredString("key_file")
    let authorities = reader.string("ca_file")
    let verify = reader.bool("verify_incoming")
    let revocations = revocationFiles(&reader)
    let expired = reader.string("crl_expired")
    let version = reader.string("tls_min_version")
    reader.finish()
    if let verify, verify.value, authorities == nil {
      report.error(
        at: verify.position, in: source,
        "verify_incoming needs ca_file, against which client certificates are verified")
    }
    if let first = revocations.first, authorities == nil {
      report.error(at: first.position, in: source, "crl_file needs ca_file, whose authorities sign the CRLs")
      return nil
    }
    guard let expiry = expiry(expired, isUsed: !revocations.isEmpty), let minimum = minimumVersion(version),
      let certificate, let key
    else { return nil }
    // One after the other, so that each is told of at its own setting, though one file may stand in two.
    let identity = loading([certificate, key]) { () throws(TLSError) in
      try Identity.load(
        certificateFile: absolute(certificate.value), keyFile: absolute(key.value), for: .server)
    } warnings: {
      $0.warnings
    }
    let clients = authorities.flatMap { file in
      loading([file]) { () throws(TLSError) in
        try CertificateBundle.load(absolute(file.value))
      } warnings: {
        $0.warnings
      }
    }
    let revoked = clients.flatMap { clients -> RevocationList? in
      if revocations.isEmpty { return nil }
      return loading(revocations) { () throws(TLSError) in
        try RevocationList.load(revocations.map { absolute($0.value) }, of: clients, expiry: expiry)
      } warnings: {
        $0.warnings
      }
    }
    guard let identity else { return nil }
    let demand: ServerSettings.ClientCertificates? = clients.map {
      verify?.value == true ? .required($0) : .optional($0)
    }
    return loading([certificate]) { () throws(TLSError) in
      try ServerSettings(
        identity, from: absolute(certificate.value), clientCertificates: demand ?? .ignored,
        revocations: revoked, minimumVersion: minimum)
    } warnings: { _ in
      []
    }
  }

  /// One file or a list of them.
  private func revocationFiles(_ reader: inout Reader) -> [Located<ByteString>] {
    let one = reader.string("crl_file")
    let several = reader.strings("crl_file")
    if let several, several.isEmpty {
      reader.error(at: reader.position, "crl_file names no file; leave it out if nothing is revoked")
    }
    if one != nil, let other = several?.first {
      reader.error(at: other.position, "crl_file is set twice, expected one file or one list of files")
    }
    return (one.map { [$0] } ?? []) + (several ?? [])
  }

  private func expiry(_ text: Located<ByteString>?, isUsed: Bool) -> RevocationList.Expiry? {
    guard let text else { return .refused }
    if !isUsed { report.error(at: text.position, in: source, "crl_expired needs crl_file") }
    switch text.value {
    case "refuse": return .refused
    case "warn": return .warned
    default:
      report.error(at: text.position, in: source, "crl_expired must be \"refuse\" or \"warn\"")
      return nil
    }
  }

  private func minimumVersion(_ text: Located<ByteString>?) -> ProtocolVersion? {
    guard let text else { return .tls12 }
    if let known = ProtocolVersion(setting: text.value.string) { return known }
    report.error(at: text.position, in: source, "tls_min_version must be \"TLSv1_2\" or \"TLSv1_3\"")
    return nil
  }
}
