// Everything that is allowed, as one immutable value.
package import Bytes
package import Digests
package import HCL
package import JSON

/// The policies of one folder at one moment. Requests keep the set they were judged by; a reload makes
/// another.
package final class PolicySet: Sendable {
  package let policies: [PolicyStanza]
  package let tokens: [TokenStanza]
  package let anonymousStanza: AnonymousStanza?
  /// Changes whenever a byte of a policy file changes, or a file's name: `policy_digest` in the audit record.
  package let digest: SHA256Digest
  /// The same in hexadecimal, made once: every record carries it.
  package let digestText: String
  package let quotedDigest: QuotedString
  /// SHA-256 of each file by itself.
  package let files: [(path: String, digest: SHA256Digest)]
  /// What is wrong with the set but does not keep it from being used.
  package let warnings: [Diagnostic]
  /// How many were found beyond those.
  package let unreportedWarnings: Int

  private let subjects: [Subject]
  private let subjectsByDigest: [SHA256Digest: Int32]
  private let certificates: CertificateTable
  package let anonymous: Subject

  /// The stanzas must have passed `PolicyCheck`: names, digests and keys are unique, references lead
  /// somewhere.
  init(
    policies: [PolicyStanza], tokens: [TokenStanza], anonymous stanza: AnonymousStanza?, digest: SHA256Digest,
    files: [(path: String, digest: SHA256Digest)] = [], warnings: [Diagnostic], unreportedWarnings: Int = 0
  ) {
    self.policies = policies
    self.tokens = tokens
    self.anonymousStanza = stanza
    self.digest = digest
    digestText = digest.hexadecimal
    quotedDigest = QuotedString(digestText)
    self.warnings = warnings
    self.files = files
    self.unreportedWarnings = unreportedWarnings

    var compiled: [ByteString: (stanza: PolicyStanza, table: RuleTable)] = [:]
    for policy in policies { compiled[policy.name] = (policy, RuleTable(policy.rules)) }
    func resolve(_ references: [Reference]) -> [(stanza: PolicyStanza, table: RuleTable)] {
      references.compactMap { compiled[$0.name] }
    }
    subjects = tokens.map { token in
      let own = resolve(token.policies)
      return Subject(token, policies: own.map(\.stanza), tables: own.map(\.table))
    }
    let own = resolve(stanza?.policies ?? [])
    anonymous = Subject(anonymousWith: own.map(\.stanza), tables: own.map(\.table))

    var byDigest: [SHA256Digest: Int32] = [:]
    for (index, token) in tokens.enumerated() {
      for digest in token.secretDigests { byDigest[digest] = Int32(index) }
    }
    subjectsByDigest = byDigest
    certificates = CertificateTable(tokens)
  }

  /// Policies that ask for less than a full record, for the record of a start or a reload: `dashboards=none`.
  package var statedLevels: String {
    policies.compactMap { policy in policy.recordLevel.map { "\(policy.name.shown)=\($0.text)" } }.joined(
      separator: " ")
  }

  /// Tokens whose secrets everybody knows; `serve` warns of them.
  package var developmentTokens: [TokenStanza] {
    tokens.filter { $0.secretDigests.contains(where: DevelopmentTokens.digests.contains) }
  }

  /// The token with this secret. Only digests are compared, and the digest of a guess tells nothing about how
  /// near the guess was, so the time taken tells nothing about the secret.
  func subject(forSecretDigest digest: SHA256Digest) -> Subject? {
    subjectsByDigest[digest].map { subjects[Int($0)] }
  }

  /// The token that the client certificate alone makes the caller.
  package func subject(forCertificateOf connection: PolicyAttributes) -> Subject? {
    certificates.token(for: connection).map { subjects[$0] }
  }

  /// The subject of the token stanza with this name, for the tools that ask by name.
  package func subject(named name: ByteString) -> Subject? { subjects.first { $0.name == name } }

  /// For anyone who asks many times: one look at all tokens, not one each time.
  func subjectsByName() -> [ByteString: Subject] {
    Dictionary(subjects.map { ($0.name, $0) }) { first, _ in first }
  }

  func subjectsByAccessorID() -> [AccessorID: Subject] {
    Dictionary((subjects + [anonymous]).map { ($0.accessorID, $0) }) { first, _ in first }
  }

  package func subject(accessorID: AccessorID) -> Subject? {
    if accessorID == .anonymous { return anonymous }
    return subjects.first { $0.accessorID == accessorID }
  }
}
