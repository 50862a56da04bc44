// What OpenSSL asks a server for during a handshake: the ALPN answer, the ticket keys, a ticket's worth.

internal import COpenSSL

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

  /// SSL_CTX_set_session_ticket_cb: a resumed client is not verified again, so the ticket must not outlive the
  /// certificate in it. Refusing the ticket makes a full handshake, which says to the client what is wrong.
  static let judgeTicket: SSL_CTX_decrypt_session_ticket_fn = { _, resumed, _, _, status, _ in
    switch status {
    case SSL_TICKET_SUCCESS, SSL_TICKET_SUCCESS_RENEW:
      if let resumed = unsafe resumed, let certificate = unsafe SSL_SESSION_get0_peer(resumed),
        unsafe Certificate.secondsUntil(X509_get0_notAfter(certificate)) < 0
      {
        return SSL_TICKET_RETURN_IGNORE_RENEW
      }
      return status == SSL_TICKET_SUCCESS ? SSL_TICKET_RETURN_USE : SSL_TICKET_RETURN_USE_RENEW
    case SSL_TICKET_FATAL_ERR_MALLOC, SSL_TICKET_FATAL_ERR_OTHER: return SSL_TICKET_RETURN_ABORT
    default: return SSL_TICKET_RETURN_IGNORE_RENEW
    }
  }
}
