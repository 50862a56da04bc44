// peergate.hcl: what may stand in it, and what it means. Names are Consul's where Consul has one.

internal import Audit
internal import Bytes
internal import Consul
internal import Digests
internal import Glibc
package import HCL
internal import JSON
internal import Peering
internal import Policy
internal import Record
internal import Sockets
internal import TLS

/// Reads one configuration and the files it names. Every fault is collected with its place; relative paths are
/// relative to the file's own folder, so that a service manager's working directory does not matter.
package struct SettingsFile {
  let source: Source
  let report: Report
  private let folder: String
  /// Of certificates, keys, authorities and revocations.
  private let credentialStamps = CredentialStamps()
  private let otherFiles = OtherFiles()

  /// The settings, and what is worth a line at start though it does not keep the gate from starting.
  package static func load(_ path: String) throws(SettingsError) -> (
    settings: Settings, warnings: [Diagnostic], unreported: Int
  ) {
    let (document, digest, warning) = try parse(path)
    let file = SettingsFile(source: document.source, report: Report(), folder: TextFile.folder(of: path))
    file.otherFiles.files.append(LoadedFile(.configuration, path, digest: digest))
    if let warning {
      file.report.warning(at: Position(line: 1, column: 1), in: document.source, warning)
    }
    let settings = file.settings(document)
    guard let settings, !file.report.hasErrors else {
      throw SettingsError(diagnostics: file.report.ordered, unreported: file.report.unreported)
    }
    return (settings, file.report.ordered, file.report.unreported)
  }

  private static func parse(_ path: String) throws(SettingsError) -> (
    document: HCL.Document, digest: SHA256Digest, warning: String?
  ) {
    let content: TextFile.Content
    do throws(FileError) {
      content = try TextFile.content(of: path, limitBytes: GateLimits.settingsFileBytes)
    } catch {
      let nowhere = Source(file: path, text: "")
      throw SettingsError(diagnostics: [nowhere.error(at: Position(line: 1, column: 1), error.sentence)])
    }
    do throws(SyntaxError) {
      return (
        try HCL.Document.parse(Source(file: path, bytes: content.bytes)),
        SHA256.digest(of: content.bytes.span), content.warningOfWriters
      )
    } catch {
      throw SettingsError(diagnostics: [error.diagnostic])
    }
  }

  private func settings(_ document: HCL.Document) -> Settings? {
    var reader = Reader(document, into: report)
    let listener = reader.block("listener")
    let upstream = reader.block("upstream")
    let audit = reader.block("audit")
    let limits = reader.block("limits")
    let name = reader.string("name")
    let policies = reader.requiredString("policies")
    let shadow = reader.string("shadow_policies")
    let watch = reader.duration("policies_watch_interval", in: .milliseconds(100)...Duration.seconds(3_600))
    let credentialWatch = reader.duration(
      "certificates_watch_interval", in: .milliseconds(100)...Duration.seconds(3_600))
    let workers = reader.integer("workers", in: 1...GateLimits.workers)
    if listener == nil { reader.reportMissing("listener") }
    if upstream == nil { reader.reportMissing("upstream") }
    if audit == nil { reader.reportMissing("audit") }
    reader.finish()

    let place = listener.flatMap { self.listener($0) }
    let consul = upstream.flatMap { self.upstream($0) }
    let journal = audit.flatMap { self.audit($0) }
    let bounds = limits.map { LimitsBlock.read($0, source, report) } ?? GateLimits()
    guard let place, let consul, let journal, let policies else { return nil }
    var settings = Settings(
      listener: place.0, tls: place.1, upstream: consul, policies: absolute(policies.value),
      audit: journal.journal)
    if let name {
      if let gate = GateName(name.value) {
        settings.audit.gate = gate
      } else {
        report.error(
          at: name.position, in: source,
          "name must have 1 to \(AuditLimits.gateNameBytes) of A-Z a-z 0-9 . _ -, so that it can be searched for"
        )
      }
    }
    settings.recording = journal.recording
    settings.limits = bounds
    settings.shadowPolicies = shadow.map { absolute($0.value) }
    settings.watchInterval = watch?.value
    settings.credentialWatchInterval = credentialWatch?.value
    settings.credentialStamps = credentialStamps.collected
    settings.files = otherFiles.files
    if let workers { settings.workers = workers.value }
    return settings
  }

  private func audit(_ block: Block) -> (journal: JournalSettings, recording: AuditOptions)? {
    let files = otherFiles
    return AuditBlock(source: source, report: report, folder: folder) { files.files.append($0) }.read(block)
  }

  // MARK: upstream

  private func upstream(_ block: Block) -> UpstreamSettings? {
    var reader = Reader(block.body, of: block.title, in: source, into: report)
    let address = reader.requiredString("address")
    let token = reader.string("token_file")
    let authorities = reader.string("ca_file")
    let name = reader.string("server_name")
    let certificate = reader.string("cert_file")
    let key = reader.string("key_file")
    reader.finish()
    guard let address else { return nil }
    let secret = token.map { self.secret($0) }
    guard case .success(let (scheme, endpoint)) = UpstreamSettings.parse(address.value.string) else {
      if case .failure(let fault) = UpstreamSettings.parse(address.value.string) {
        report.error(at: address.position, in: source, fault.sentence)
      }
      return nil
    }
    guard scheme == .https else {
      for extra in [authorities, name, certificate, key].compactMap({ $0 }) {
        report.error(
          at: extra.position, in: source, "this is for https:// and means nothing to \(scheme.rawValue)://")
      }
      return UpstreamSettings(endpoint: endpoint, secret: secret ?? nil)
    }
    if let lonely = (certificate == nil) == (key == nil) ? nil : certificate ?? key {
      report.error(at: lonely.position, in: source, "cert_file and key_file come together or not at all")
      return nil
    }
    guard let server = serverName(name, endpoint, address) else { return nil }
    let tls = loading([authorities, certificate, key]) { () throws(TLSError) in
      var identity: (certificate: String, key: String)?
      if let certificate, let key { identity = (absolute(certificate.value), absolute(key.value)) }
      return try ClientSettings.load(
        serverName: server, authoritiesFile: authorities.map { absolute($0.value) }, identityFiles: identity)
    } warnings: {
      $0.warnings
    }
    guard let tls else { return nil }
    return UpstreamSettings(endpoint: endpoint, tls: tls, secret: secret ?? nil)
  }

  private func serverName(_ name: Located<ByteString>?, _ endpoint: Endpoint, _ address: Located<ByteString>)
    -> ServerName?
  {
    var text = name?.value ?? ""
    if name == nil, case .tcp(let host, _) = endpoint { text = ByteString(host) }
    let server = ServerName(text.string)
    if server == nil {
      report.error(at: (name ?? address).position, in: source, "this is no name that a certificate can prove")
    }
    return server
  }

  private func secret(_ file: Located<ByteString>) -> Credential? {
    do throws(FileError) {
      otherFiles.files.append(LoadedFile(.token, absolute(file.value)))
      let content = try TextFile.content(of: absolute(file.value), limitBytes: GateLimits.tokenFileBytes)
      if let warning = content.warning(secret: "token") {
        report.warning(at: file.position, in: source, "\(file.value.shown): \(warning)")
      }
      // As Consul's own -token-file: blanks and the line end around the token do not count.
      let isBlank: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
      let text = content.bytes.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
      if let secret = Credential(String(decoding: Array(text), as: UTF8.self)) {
        if let complaint = GuessableSecrets.complaint(of: secret) {
          report.warning(
            at: file.position, in: source,
            "\(file.value.shown): the token \(complaint); let Consul make another")
        }
        return secret
      }
      report.error(
        at: file.position, in: source, "\(file.value.shown): holds no token: one line of visible characters")
    } catch {
      report.error(at: file.position, in: source, "\(file.value.shown): \(error.sentence)")
    }
    return nil
  }

  // MARK: Files

  func absolute(_ path: ByteString) -> String {
    path.hasPrefix("/") ? path.string : folder + path.string
  }

  /// Runs `load`; a failure or a warning is reported at the setting that names the file it speaks of.
  func loading<Loaded>(
    _ files: [Located<ByteString>?], _ load: () throws(TLSError) -> Loaded,
    warnings: (Loaded) -> [CredentialWarning]
  ) -> Loaded? {
    let files = files.compactMap { $0 }
    for file in files.map({ absolute($0.value) }) {
      credentialStamps.collected.append((file, CredentialStamp(of: file)))
    }
    let start = files.first?.position ?? Position(line: 1, column: 1)
    let place = { (file: String) in
      files.first { ByteString(absolute($0.value)) == ByteString(file) }?.position ?? start
    }
    do throws(TLSError) {
      let loaded = try load()
      for warning in warnings(loaded) {
        report.warning(at: place(warning.file), in: source, warning.reason)
      }
      return loaded
    } catch {
      var position = start
      if case .file(let path, _) = error { position = place(path) }
      report.error(at: position, in: source, error.reason)
      return nil
    }
  }
}

/// Collected while a configuration is read.
private final class CredentialStamps {
  var collected: [(file: String, stamp: CredentialStamp?)] = []
}

private final class OtherFiles {
  var files: [LoadedFile] = []
}
