// What every server session of one worker shares: an SSL_CTX.

internal import COpenSSL

/// One per worker and used on its thread alone: OpenSSL 3.0 counts references to a shared context with
/// contended atomics and locks.
package final class ServerContext {
  let handle: Owned
  let ticketKeys: TicketKeys
  private let inForce: ClientRulesInForce
  /// Of the demand and the authorities of this context.
  let ownRules: Fingerprint

  /// By which clients may stay.
  package var clientRules: ClientRules { inForce.rules }

  /// Which rules those are: see `ClientRules.Approval`.
  package var edition: Int { inForce.edition }

  /// - Parameter old: whose place it takes on this thread.
  package init(
    _ settings: ServerSettings, ticketKeys: TicketKeys, succeeding old: ServerContext? = nil
  ) throws(TLSError) {
    self.ticketKeys = ticketKeys
    ownRules = settings.clientRules.fingerprint
    inForce = old?.inForce ?? ClientRulesInForce(settings.clientRules)
    handle = try unsafe ContextBuilder.make(TLS_server_method(), minimumVersion: settings.minimumVersion)
    try unsafe handle.lend { (context) throws(TLSError) in
      try unsafe ContextBuilder.present(settings.identity, in: context)
      try unsafe Self.demandCertificates(settings.clientCertificates, in: context)
      try unsafe Self.setResumption(settings, ticketKeys: ticketKeys, in: context)
      unsafe SSL_CTX_set_alpn_select_cb(context, Callbacks.selectApplicationProtocol, nil)
    }
    inForce.rules = settings.clientRules
  }

  private static func demandCertificates(
    _ demand: ServerSettings.ClientCertificates, in context: OpaquePointer
  ) throws(TLSError) {
    let mode: Int32
    let authorities: CertificateBundle
    switch demand {
    case .ignored: return
    case .optional(let bundle): (mode, authorities) = (SSL_VERIFY_PEER, bundle)
    case .required(let bundle):
      (mode, authorities) = (SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, bundle)
    }
    try unsafe ContextBuilder.trust(authorities, in: context)
    for der in authorities.certificates {
      // The names tell the client which of its certificates to show (RFC 8446 4.2.4).
      guard let authority = Certificate.decode(der) else { continue }
      try unsafe authority.lend { (authority) throws(TLSError) in
        try Call.check("SSL_CTX_add_client_CA") { unsafe SSL_CTX_add_client_CA(context, authority) }
      }
    }
    unsafe SSL_CTX_set_verify(context, mode, Callbacks.judgeClientCertificate)
  }

  /// Tickets only: the server remembers nothing, so resumption costs no memory and works on every worker.
  private static func setResumption(
    _ settings: ServerSettings, ticketKeys: TicketKeys, in context: OpaquePointer
  ) throws(TLSError) {
    unsafe COpenSSL_SSL_CTX_set_session_cache_mode(
      context, Int(SSL_SESS_CACHE_SERVER | SSL_SESS_CACHE_NO_INTERNAL))
    unsafe SSL_CTX_set_timeout(context, Int(ticketKeys.interval.components.seconds))
    // 32 bytes, as many as a session id context may have.
    let rules = settings.clientRules.sessionContext.bytes
    try Call.check("SSL_CTX_set_session_id_context") {
      unsafe SSL_CTX_set_session_id_context(context, rules, UInt32(rules.count))
    }
    try Call.check("SSL_CTX_set_num_tickets") {
      unsafe SSL_CTX_set_num_tickets(context, TLSLimits.ticketsPerHandshake)
    }
    try Call.check("SSL_CTX_set_tlsext_ticket_key_evp_cb") {
      unsafe SSL_CTX_set_tlsext_ticket_key_evp_cb(context, Callbacks.provideTicketKey)
    }
    try Call.check("SSL_CTX_set_session_ticket_cb") {
      unsafe SSL_CTX_set_session_ticket_cb(context, nil, Callbacks.judgeTicket, nil)
    }
  }
}
