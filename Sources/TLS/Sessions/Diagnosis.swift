// From OpenSSL's error entries to a fact that an operator can act on.

internal import COpenSSL

struct Diagnosis {
  let peer: Peer
  let verification: CertificateFault?
  let subject: String
  let refusedApplicationProtocols: [String]
  private let isTextOfHTTP: Bool

  init(peer: Peer, ssl: OpaquePointer, session: Session) {
    self.peer = peer
    isTextOfHTTP = peer == .client && Self.isMethod(session.beginning)
    refusedApplicationProtocols = session.refusedApplicationProtocols
    verification = unsafe CertificateFault(
      SSL_get_verify_result(ssl), serverName: session.clientContext?.serverName)
    subject = session.refusedCertificateSubject
  }

  func error(from entries: [ErrorQueue.Entry]) -> TLSError {
    // Without an entry: SSL_ERROR_SYSCALL, and the only system call is our queue, which fails by ending.
    guard !entries.isEmpty else { return .truncated(by: peer) }
    let texts = entries.map(\.text).joined(separator: ", ")
    guard let first = entries.first(where: { $0.library == ERR_LIB_SSL }) else {
      return .peer(peer, .malformed(texts))
    }
    if first.reason == SSL_R_UNEXPECTED_EOF_WHILE_READING { return .truncated(by: peer) }
    if let alert = Alert(errorReason: first.reason) { return .alert(alert, from: peer) }
    if Self.ours.contains(Int(first.reason)) {
      return .library(operation: "handshake", reason: texts)
    }
    return .peer(peer, fault(first, texts))
  }

  // ERR_R_INTERNAL_ERROR is not among them: OpenSSL says it of a key share that is no point on its curve, and a
  // stranger must not be able to make the log cry wolf.
  private static let ours: Set<Int> = [
    Int(ERR_R_MALLOC_FAILURE), Int(SSL_R_NO_CERTIFICATE_ASSIGNED), Int(SSL_R_UNINITIALIZED),
    Int(SSL_R_CALLBACK_FAILED),
  ]

  /// OpenSSL knows four methods by their first bytes; there are more, all in capitals.
  private static func isMethod(_ beginning: [UInt8]) -> Bool {
    let letters = beginning.prefix { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }.count
    guard beginning.count == TLSLimits.recordHeaderBytes else { return false }
    return letters == TLSLimits.recordHeaderBytes || letters >= 3 && beginning[letters] == UInt8(ascii: " ")
  }

  private func fault(_ entry: ErrorQueue.Entry, _ texts: String) -> PeerFault {
    switch entry.reason {
    case SSL_R_HTTP_REQUEST, SSL_R_HTTPS_PROXY_REQUEST: .plaintextHTTP
    case SSL_R_WRONG_VERSION_NUMBER: isTextOfHTTP ? .plaintextHTTP : .notTLS
    case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_VERSION_TOO_LOW, SSL_R_WRONG_SSL_VERSION,
      SSL_R_NO_PROTOCOLS_AVAILABLE:
      .noCommonVersion
    case SSL_R_NO_SHARED_CIPHER, SSL_R_NO_CIPHERS_SPECIFIED: .noCommonCipherSuite
    case SSL_R_NO_SUITABLE_KEY_SHARE, SSL_R_NO_SHARED_GROUPS, SSL_R_NO_SUITABLE_GROUPS: .noCommonGroup
    case SSL_R_NO_SUITABLE_SIGNATURE_ALGORITHM, SSL_R_NO_SHARED_SIGNATURE_ALGORITHMS:
      .noCommonSignatureAlgorithm
    case SSL_R_NO_APPLICATION_PROTOCOL:
      .noCommonApplicationProtocol(offered: refusedApplicationProtocols)
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE: .noCertificate
    case SSL_R_CERTIFICATE_VERIFY_FAILED:
      .certificate(verification ?? .other(texts), subject: subject)
    default: .malformed(texts)
    }
  }
}

extension CertificateFault {
  fileprivate init?(_ result: Int, serverName: ServerName?) {
    switch Int32(truncatingIfNeeded: result) {
    case X509_V_OK: return nil
    case X509_V_ERR_CERT_HAS_EXPIRED: self = .expired
    case X509_V_ERR_CERT_NOT_YET_VALID: self = .notYetValid
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
      X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_CERT_SIGNATURE_FAILURE,
      X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      self = .unknownAuthority
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: self = .selfSigned
    case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
      self = .wrongName(expected: serverName?.text ?? "")
    case X509_V_ERR_INVALID_PURPOSE: self = .wrongPurpose
    case X509_V_ERR_EE_KEY_TOO_SMALL, X509_V_ERR_CA_KEY_TOO_SMALL, X509_V_ERR_CA_MD_TOO_WEAK:
      self = .tooWeak
    case X509_V_ERR_CERT_REVOKED: self = .revoked
    case X509_V_ERR_UNABLE_TO_GET_CRL: self = .revocationUnknown
    default: self = .other(unsafe String(cString: X509_verify_cert_error_string(result)))
    }
  }
}
