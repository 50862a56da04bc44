// What every client session of one worker towards one server shares: an SSL_CTX and the last session.

internal import COpenSSL
internal import Sockets

/// One per worker and upstream, used on the worker's thread alone.
package final class ClientContext {
  let handle: Owned
  package let serverName: ServerName
  /// The last session that the server let us resume; offered to the next connection. One server, so one is enough.
  private var resumable: ResumableSession?

  package init(_ settings: ClientSettings) throws(TLSError) {
    serverName = settings.serverName
    handle = try unsafe ContextBuilder.make(TLS_client_method(), minimumVersion: settings.minimumVersion)
    try unsafe handle.lend { (context) throws(TLSError) in
      switch settings.trust {
      case .authorities(let bundle): try unsafe ContextBuilder.trust(bundle, in: context)
      case .system:
        try Call.check("SSL_CTX_set_default_verify_paths") {
          unsafe SSL_CTX_set_default_verify_paths(context)
        }
      }
      if let identity = settings.identity { try unsafe ContextBuilder.present(identity, in: context) }
      unsafe SSL_CTX_set_verify(context, SSL_VERIFY_PEER, Callbacks.keepServerProof)
      let offer = ApplicationProtocol.offer
      // Unlike all others, this one says success by 0.
      try Call.check("SSL_CTX_set_alpn_protos") {
        unsafe SSL_CTX_set_alpn_protos(context, offer, UInt32(offer.count)) == 0 ? 1 : 0
      }
      unsafe COpenSSL_SSL_CTX_set_session_cache_mode(
        context, Int(SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL))
      unsafe SSL_CTX_sess_set_new_cb(context, Callbacks.keepSession)
    }
  }

  /// Says whom the session must prove to be talking to, and offers the last session.
  func prepare(_ ssl: OpaquePointer) throws(TLSError) {
    // Subject common names and `f*o.example` are not names (RFC 9525); Go agrees.
    unsafe SSL_set_hostflags(
      ssl, UInt32(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT))
    switch serverName {
    case .dns(let name):
      try Call.check("SSL_set1_host") { unsafe SSL_set1_host(ssl, name) }
      try Call.check("SSL_set_tlsext_host_name") { unsafe COpenSSL_SSL_set_tlsext_host_name(ssl, name) }
    case .ip(let address):
      // No SNI: RFC 6066 section 3 has names only.
      try Call.check("X509_VERIFY_PARAM_set1_ip_asc") {
        unsafe X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), address)
      }
    }
    unsafe resumable?.offer(to: ssl)
  }

  /// The next connection begins from nothing, as a client's first does.
  package func forgetSession() { resumable = nil }

  /// Takes over a reference.
  func keep(adopting session: OpaquePointer) {
    unsafe resumable = ResumableSession(adopting: session)
  }
}

/// Owns an SSL_SESSION.
@safe private struct ResumableSession: ~Copyable {
  private let handle: Owned

  init(adopting pointer: OpaquePointer) {
    unsafe handle = Owned(adopting: pointer, freeing: { unsafe SSL_SESSION_free($0) })
  }

  /// If it cannot be used, a full handshake follows; nothing is lost but time.
  borrowing func offer(to ssl: OpaquePointer) {
    unsafe handle.lend { session in
      // A resumed server is not verified again.
      guard let end = unsafe ChainProof(of: session)?.endsAt, WallClock.seconds < end else { return }
      if unsafe SSL_SESSION_is_resumable(session) == 1 { _ = unsafe SSL_set_session(ssl, session) }
    }
  }
}

extension Callbacks {
  /// SSL_CTX_set_verify of a client: what the server's certificates prove stays with the session.
  static let keepServerProof: SSL_verify_cb = { verdict, verification in
    guard verdict == 1, unsafe X509_STORE_CTX_get_error_depth(verification) == 0 else {
      return unsafe noteRefusedCertificate(verdict, verification)
    }
    let ssl = unsafe OpaquePointer(
      X509_STORE_CTX_get_ex_data(verification, SSL_get_ex_data_X509_STORE_CTX_idx()))
    // What cannot be kept is not resumed, and that is all.
    if let chain = unsafe X509_STORE_CTX_get0_chain(verification),
      let proof = unsafe ChainProof(ofChain: chain, authorities: [:])
    {
      _ = unsafe proof.store(in: SSL_get_session(ssl))
    }
    return verdict
  }

  /// SSL_CTX_sess_set_new_cb: 1 says that the reference is ours now.
  static let keepSession: @convention(c) (OpaquePointer?, OpaquePointer?) -> Int32 = { ssl, kept in
    guard let context = unsafe session(of: ssl)?.clientContext, let kept = unsafe kept else { return 0 }
    unsafe context.keep(adopting: kept)
    return 1
  }
}
