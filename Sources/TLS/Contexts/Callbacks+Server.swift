// What OpenSSL asks a server for during a handshake: the ALPN answer, the ticket keys, a ticket's worth.

internal import COpenSSL
internal import Sockets

extension Callbacks {
  /// SSL_CTX_set_alpn_select_cb. The answer points into the client's own list, which outlives the call.
  static let selectApplicationProtocol: SSL_CTX_alpn_select_cb_func = {
    ssl, chosen, chosenCount, list, count, _ in
    guard let list = unsafe list else { return SSL_TLSEXT_ERR_ALERT_FATAL }
    let offered = unsafe Span(_unsafeStart: list, count: Int(count))
    guard let choice = ApplicationProtocol.choose(from: offered) else {
      unsafe session(of: ssl)?.refusedApplicationProtocols = ApplicationProtocol.names(in: offered)
      return SSL_TLSEXT_ERR_ALERT_FATAL
    }
    unsafe chosen?.pointee = list + choice.lowerBound
    unsafe chosenCount?.pointee = UInt8(choice.count)
    return SSL_TLSEXT_ERR_OK
  }

  typealias TicketKeyCallback =
    @convention(c) (
      OpaquePointer?, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<UInt8>?, OpaquePointer?,
      OpaquePointer?, Int32
    ) -> Int32

  /// SSL_CTX_set_tlsext_ticket_key_evp_cb: 1 the key is set, 2 so it is but the ticket should be replaced, 0 no such key
  /// (a full handshake follows), -1 failure.
  static let provideTicketKey: TicketKeyCallback = {
    ssl, name, initialValue, cipher, authentication, sealing in
    guard let keys = unsafe session(of: ssl)?.ticketKeys, let name = unsafe name,
      let initialValue = unsafe initialValue
    else { return -1 }
    let keyName = unsafe UnsafeMutableBufferPointer(start: name, count: TicketKeys.Key.nameBytes)
    if sealing == 1 {
      guard let key = keys.sealing(), unsafe RAND_bytes(initialValue, 16) == 1 else { return -1 }
      _ = unsafe keyName.update(from: key.name)
      guard unsafe EVP_EncryptInit_ex2(cipher, EVP_aes_256_cbc(), key.cipherKey, initialValue, nil) == 1,
        unsafe authenticate(authentication, with: key)
      else { return -1 }
      return 1
    }
    guard let (key, isOld) = unsafe keys.opening(named: keyName) else { return 0 }
    guard unsafe EVP_DecryptInit_ex2(cipher, EVP_aes_256_cbc(), key.cipherKey, initialValue, nil) == 1,
      unsafe authenticate(authentication, with: key)
    else { return -1 }
    // Under TLS 1.3 a client uses a ticket once (RFC 8446 C.4), so it needs the next one every time.
    return unsafe isOld || SSL_version(ssl) == TLS1_3_VERSION ? 2 : 1
  }

  private static func authenticate(_ context: OpaquePointer?, with key: TicketKeys.Key) -> Bool {
    var secret = key.authenticationKey
    var digest = Array("SHA256".utf8CString)
    return unsafe secret.withUnsafeMutableBytes { secret in
      unsafe digest.withUnsafeMutableBufferPointer { digest in
        let parameters = unsafe [
          OSSL_PARAM_construct_octet_string(COpenSSL_OSSL_MAC_PARAM_KEY, secret.baseAddress, secret.count),
          OSSL_PARAM_construct_utf8_string(COpenSSL_OSSL_MAC_PARAM_DIGEST, digest.baseAddress, 0),
          OSSL_PARAM_construct_end(),
        ]
        return unsafe EVP_MAC_CTX_set_params(context, parameters) == 1
      }
    }
  }

  /// SSL_CTX_set_verify of a server: OpenSSL has nothing against the certificates; have we? What they prove stays with the
  /// session, and goes into its tickets.
  static let judgeClientCertificate: SSL_verify_cb = { verdict, verification in
    guard verdict == 1 else { return unsafe noteRefusedCertificate(verdict, verification) }
    // The client's own comes last, when the whole chain is good.
    guard unsafe X509_STORE_CTX_get_error_depth(verification) == 0 else { return verdict }
    let ssl = unsafe OpaquePointer(
      X509_STORE_CTX_get_ex_data(verification, SSL_get_ex_data_X509_STORE_CTX_idx()))
    guard let session = unsafe session(of: ssl), let rules = session.serverContext?.clientRules,
      let chain = unsafe X509_STORE_CTX_get0_chain(verification),
      let proof = unsafe ChainProof(ofChain: chain, authorities: rules.authorities),
      unsafe proof.store(in: SSL_get_session(ssl))
    else {
      unsafe X509_STORE_CTX_set_error(verification, X509_V_ERR_UNSPECIFIED)
      return 0
    }
    guard let revocations = rules.revocations,
      let (index, fault) = revocations.fault(of: proof, at: Int(WallClock.seconds))
    else { return verdict }
    unsafe X509_STORE_CTX_set_error(
      verification, fault == .revoked ? X509_V_ERR_CERT_REVOKED : X509_V_ERR_UNABLE_TO_GET_CRL)
    if let refused = unsafe OPENSSL_sk_value(chain, Int32(index)),
      unsafe X509_up_ref(OpaquePointer(refused)) == 1
    {
      session.refusedCertificateSubject = unsafe Certificate(adopting: OpaquePointer(refused)).subject
    }
    return 0
  }

  /// SSL_CTX_set_session_ticket_cb: a resumed client is not verified again, so the ticket must not outlive what was
  /// verified. Refusing the ticket makes a full handshake, which says to the client what is wrong. Other rules than those
  /// it was made under have another session id context, which makes a full handshake too.
  static let judgeTicket: SSL_CTX_decrypt_session_ticket_fn = { ssl, resumed, _, _, status, _ in
    switch status {
    case SSL_TICKET_SUCCESS, SSL_TICKET_SUCCESS_RENEW:
      if let proof = unsafe ChainProof(of: resumed) {
        guard let rules = unsafe session(of: ssl)?.serverContext?.clientRules,
          rules.fault(of: proof, at: Int(WallClock.seconds)) == nil
        else { return SSL_TICKET_RETURN_IGNORE_RENEW }
      }
      return status == SSL_TICKET_SUCCESS ? SSL_TICKET_RETURN_USE : SSL_TICKET_RETURN_USE_RENEW
    case SSL_TICKET_FATAL_ERR_MALLOC, SSL_TICKET_FATAL_ERR_OTHER: return SSL_TICKET_RETURN_ABORT
    default: return SSL_TICKET_RETURN_IGNORE_RENEW
    }
  }
}
