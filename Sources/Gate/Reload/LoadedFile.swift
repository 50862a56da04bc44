// The files behind what is in force, as the record of a reload names them.

internal import Audit
internal import Consul
package import Digests
internal import HTTP
internal import Peering
internal import Policy
internal import TLS

/// One file as it was read.
package struct LoadedFile: Sendable, Equatable {
  package enum Kind: String, Sendable, Hashable {
    case configuration, policy
    case shadowPolicy = "shadow-policy"
    case certificate, key, authorities, revocations, token
    case auditKey = "audit-key"
    case tokenDigestKey = "token-digest-key"
  }

  package let kind: Kind
  package let file: String
  /// SHA-256 of its content; of a file with a private key that of the public key. None of a token: what is as short could
  /// be guessed, and tried on the digest.
  package let digest: SHA256Digest?

  package init(_ kind: Kind, _ file: String, digest: SHA256Digest? = nil) {
    self.kind = kind
    self.file = file
    self.digest = digest
  }

  init?(_ credential: CredentialDigest) {
    guard let digest = SHA256Digest(bytes: credential.bytes.span) else { return nil }
    let kind: Kind =
      switch credential.kind {
      case .certificate: .certificate
      case .key: .key
      case .authorities: .authorities
      case .revocations: .revocations
      }
    self.init(kind, credential.file, digest: digest)
  }
}

/// All of them at one moment.
struct LoadedFiles: Sendable {
  private struct Name: Hashable {
    let kind: LoadedFile.Kind
    /// As bytes: two spellings of one letter are two files.
    let file: [UInt8]

    init(_ file: LoadedFile) {
      kind = file.kind
      self.file = Array(file.file.utf8)
    }
  }

  private let files: [LoadedFile]
  private let secret: Credential?

  init(_ settings: Settings, _ policies: PoliciesInForce) {
    let read = { (kind: LoadedFile.Kind, set: PolicySet) in
      set.files.map { LoadedFile(kind, $0.path, digest: $0.digest) }
    }
    files =
      settings.files + settings.tls.digests.compactMap { LoadedFile($0) }
      + (settings.upstream.tls?.digests ?? []).compactMap { LoadedFile($0) }
      + read(.policy, policies.set) + (policies.shadow.map { read(.shadowPolicy, $0) } ?? [])
    secret = settings.upstream.secret
  }

  /// What is another than in `old`, new or gone, as facts of an event.
  func changes(since old: LoadedFiles) -> [GateEvent.Member] {
    let before = Dictionary(old.files.map { (Name($0), $0) }) { first, _ in first }
    let after = Dictionary(files.map { (Name($0), $0) }) { first, _ in first }
    let isOtherToken = old.secret?.fieldValue != secret?.fieldValue
    var told: Set<Name> = []
    var changes: [[GateEvent.Member]] = []
    for file in files + old.files where told.insert(Name(file)).inserted {
      let (old, new) = (before[Name(file)], after[Name(file)])
      guard old != new || file.kind == .token && isOtherToken else { continue }
      changes.append(Self.facts(file, before: old?.digest, after: new?.digest))
    }
    let limit = GateLimits.filesPerReload
    var facts: [GateEvent.Member] = []
    if !changes.isEmpty { facts.append(("files", .objects(Array(changes.prefix(limit))))) }
    if changes.count > limit { facts.append(("more_files", .number(changes.count - limit))) }
    return facts
  }

  private static func facts(
    _ file: LoadedFile, before: SHA256Digest?, after: SHA256Digest?
  ) -> [GateEvent.Member] {
    var facts: [GateEvent.Member] = [
      ("file", .client(Array(file.file.utf8))), ("kind", .text(file.kind.rawValue)),
    ]
    if let before { facts.append(("before", .text(before.hexadecimal))) }
    if let after { facts.append(("after", .text(after.hexadecimal))) }
    return facts
  }
}
