// Who may come: what a listener demands of a client's certificate, and whether one that came is still good.

internal import COpenSSL
internal import Synchronization

/// One for each time the files are read; shared by the workers.
package final class ClientRules: Sendable {
  let revocations: RevocationList?
  /// The certificates that are trusted for themselves, by all of each; with what a CRL would call it.
  let authorities: [Fingerprint: Fingerprint]
  private let demandsCertificates: Bool
  private let minimumVersion: ProtocolVersion
  /// Of the demand and the authorities.
  let fingerprint: Fingerprint
  /// Its number among all that this process has read, from 1 on.
  let edition: Int
  /// Of everything: a session is resumed only under the rules it was made under, since only then a full handshake would
  /// have the same outcome.
  let sessionContext: Fingerprint

  init(
    _ demand: ServerSettings.ClientCertificates, revocations: RevocationList?,
    minimumVersion: ProtocolVersion
  ) throws(TLSError) {
    let (kind, certificates): (UInt8, [[UInt8]]) =
      switch demand {
      case .ignored: (0, [])
      case .optional(let bundle): (1, bundle.certificates)
      case .required(let bundle): (2, bundle.certificates)
      }
    edition = Self.editions.add(1, ordering: .relaxed).newValue
    self.revocations = revocations
    self.minimumVersion = minimumVersion
    demandsCertificates = kind == 2
    authorities = try Self.authorities(certificates)
    fingerprint = try Fingerprint(of: [kind], Array(certificates.joined()))
    sessionContext = try Fingerprint(of: fingerprint.bytes, revocations?.fingerprint.bytes ?? [])
  }

  /// OpenSSL ends a chain at the first certificate that is trusted for itself. So whether that one is revoked, by another
  /// authority of the file, has to be found out here.
  private static func authorities(_ certificates: [[UInt8]]) throws(TLSError) -> [Fingerprint: Fingerprint] {
    var authorities: [Fingerprint: Fingerprint] = [:]
    let index = AuthorityIndex(certificates)
    for der in certificates {
      guard let authority = Certificate.decode(der) else { continue }
      let found = try index.first(named: authority.issuerDigest) { (other) throws(TLSError) -> Fingerprint? in
        guard other.hasIssued(authority), other.hasSigned(authority) else { return nil }
        return try unsafe other.lend { (other) throws(TLSError) in try unsafe Fingerprint(keyOf: other) }
      }
      try unsafe authority.lend { (authority) throws(TLSError) in
        let issuer = if let found { found } else { try unsafe Fingerprint(keyOf: authority) }
        authorities[try unsafe Fingerprint(ofWhole: authority)] = try unsafe Fingerprint(
          issuer: issuer, serial: X509_get0_serialNumber(authority))
      }
    }
    return authorities
  }

  /// What a full handshake would find at fault now with who has been let in as `standing` says; nil is nothing.
  package func fault(of standing: ClientStanding, at seconds: Int) -> ProofFault? {
    if let version = standing.version, version < minimumVersion { return .versionRefused }
    if standing.rules != fingerprint {
      // Who showed nothing has nothing to lose by it, unless something is demanded now.
      if standing.proof != nil || demandsCertificates { return .rulesChanged }
    }
    return standing.proof.flatMap { fault(of: $0, at: seconds) }
  }

  func fault(of proof: ChainProof, at seconds: Int) -> ProofFault? {
    if seconds >= proof.endsAt { return .expired }
    return revocations?.fault(of: proof, at: seconds)?.fault
  }

  /// Until when `fault` says the same of a proof in which it finds none.
  private func end(of proof: ChainProof) -> Int {
    min(proof.endsAt, revocations?.end(of: proof) ?? .max)
  }

  /// That it found no fault, to be looked at before it is asked again. Without a reference to the rules: a connection may
  /// be open for long, and lists of revocations are large.
  package func approval(of standing: ClientStanding) -> Approval {
    Approval(by: edition, until: standing.proof.map(end) ?? .max)
  }

  /// Of who has been let in without TLS.
  package var unconditionalApproval: Approval { Approval(by: edition, until: .max) }

  /// By which rules, and until when, in seconds since 1970.
  package struct Approval: Sendable {
    package let by: Int
    package let until: Int

    /// By none.
    package static let none = Approval(by: 0, until: 0)
  }

  private static let editions = Atomic(0)
}

/// How a client has been let in.
package struct ClientStanding: Sendable {
  /// Of the demand and the authorities that held.
  let rules: Fingerprint
  let version: ProtocolVersion?
  /// Nil if it showed no certificate.
  package let proof: ChainProof?
}

/// The rules that hold now, for all contexts of a worker: a handshake that has begun goes on in an older one, and is
/// judged by no older CRL for that; nor do old lists stay for as long as connections that began with them.
final class ClientRulesInForce {
  var rules: ClientRules { didSet { edition = rules.edition } }
  private(set) var edition: Int

  init(_ rules: ClientRules) {
    self.rules = rules
    edition = rules.edition
  }
}

/// Why a connection that was good is so no more.
package enum ProofFault: Error, Sendable, Hashable {
  /// The client's certificate, or one above it.
  case expired
  /// Other authorities, or certificates are demanded now.
  case rulesChanged
  /// `tls_min_version` is higher now.
  case versionRefused
  case revoked
  /// `crl_file` does not say, or not any more, whether it is revoked.
  case revocationUnknown

  /// Whether an open connection ends when this comes to light, rather than with its next answer.
  package var endsConnections: Bool {
    switch self {
    case .revoked, .revocationUnknown: true
    case .expired, .rulesChanged, .versionRefused: false
    }
  }

  /// For the client.
  package var sentence: String {
    switch self {
    case .expired:
      "the client certificate of this connection, or one above it, has expired: connect with a valid one"
    case .rulesChanged:
      "the rules for client certificates have changed since this connection was made: connect again"
    case .versionRefused:
      "the TLS version of this connection is not accepted any more: connect again with a later one"
    case .revoked: "the client certificate of this connection, or one above it, is revoked"
    case .revocationUnknown:
      "there is no current CRL for the client certificate of this connection: connect again later"
    }
  }
}
