// The functions OpenSSL calls, and the one way back from C to Swift.
//
// There is one back pointer: the data of a session's BIO holds an unretained reference to its `Session`.
// It cannot dangle. The BIO belongs to the SSL alone (SSL_set_bio took the only reference), the SSL belongs to
// the Session alone, and OpenSSL runs these functions only inside a call that the Session itself makes. The
// Session's deinit makes no such call but SSL_free, whose way to the BIO ends at the destroy function, and none is
// installed. Callbacks of an SSL_CTX find their session through the BIO of the SSL they are given.
//
// No Swift error may cross C: each function answers with the code its manual page names.

internal import COpenSSL
internal import Sockets

enum Callbacks {
  static let queueMethod = QueueMethod()

  static func session(ofBIO bio: OpaquePointer?) -> Session? {
    unsafe back(fromBIO: bio)?.takeUnretainedValue()
  }

  /// For the two calls that every record makes: the session outlives the call that OpenSSL makes on its behalf, so
  /// nothing needs to be counted.
  fileprivate static func withQueues(
    ofBIO bio: OpaquePointer?,
    _ body: (_ inbound: ByteQueue, _ outbound: ByteQueue, _ hasEnded: Bool) -> Int32
  ) -> Int32 {
    guard let back = unsafe back(fromBIO: bio) else { return 0 }
    return unsafe back._withUnsafeGuaranteedRef { body($0.inbound, $0.outbound, $0.tellsEnd) }
  }

  private static func back(fromBIO bio: OpaquePointer?) -> Unmanaged<Session>? {
    guard let bio = unsafe bio, let data = unsafe BIO_get_data(bio) else { return nil }
    return unsafe Unmanaged<Session>.fromOpaque(data)
  }

  static func session(of ssl: OpaquePointer?) -> Session? {
    guard let ssl = unsafe ssl else { return nil }
    return unsafe session(ofBIO: SSL_get_rbio(ssl))
  }
}

extension Callbacks {
  /// SSL_CTX_set_verify: changes nothing about the verdict, but keeps whom it was about.
  static let noteRefusedCertificate: SSL_verify_cb = { verdict, verification in
    guard verdict == 0, let verification = unsafe verification else { return verdict }
    let ssl = unsafe X509_STORE_CTX_get_ex_data(verification, SSL_get_ex_data_X509_STORE_CTX_idx())
    // What has expired may be an issuer; who is unknown is better told by the certificate that was shown.
    let isAboutCurrent =
      unsafe [X509_V_ERR_CERT_HAS_EXPIRED, X509_V_ERR_CERT_NOT_YET_VALID].contains(
        X509_STORE_CTX_get_error(verification))
    let certificate =
      unsafe isAboutCurrent
      ? X509_STORE_CTX_get_current_cert(verification) : X509_STORE_CTX_get0_cert(verification)
    if let certificate = unsafe certificate, unsafe X509_up_ref(certificate) == 1 {
      unsafe session(of: OpaquePointer(ssl))?.refusedCertificateSubject =
        Certificate(adopting: certificate).subject
    }
    return verdict
  }
}

/// The kind of BIO that is two byte queues. Made once, never freed, and after this init only read: that makes
/// it fit for every thread. The pointer is nil only if there was no memory at the first session.
@safe struct QueueMethod: @unchecked Sendable {
  let pointer: OpaquePointer?

  fileprivate init() {
    unsafe pointer = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "byte queues")
    guard let method = unsafe pointer else { return }
    unsafe BIO_meth_set_read_ex(method, readCiphertext)
    unsafe BIO_meth_set_write_ex(method, writeCiphertext)
    unsafe BIO_meth_set_ctrl(method, control)
  }
}

/// What BIO_clear_retry_flags, a macro, clears.
private let retryFlags = BIO_FLAGS_READ | BIO_FLAGS_WRITE | BIO_FLAGS_IO_SPECIAL | BIO_FLAGS_SHOULD_RETRY

/// BIO_read_ex: hands over what waits; nothing there is "retry", unless the connection has ended.
private func readCiphertext(
  _ bio: OpaquePointer?, _ space: UnsafeMutablePointer<CChar>?, _ size: Int,
  _ filled: UnsafeMutablePointer<Int>?
) -> Int32 {
  guard let space = unsafe space else { return 0 }
  return unsafe Callbacks.withQueues(ofBIO: bio) { inbound, _, hasEnded in
    unsafe BIO_clear_flags(bio, retryFlags)
    let count = min(size, inbound.count)
    guard count > 0 else {
      if !hasEnded { unsafe BIO_set_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY) }
      return 0
    }
    unsafe inbound.withUnsafeBytes { waiting in
      unsafe UnsafeMutableRawBufferPointer(start: space, count: count).copyMemory(
        from: UnsafeRawBufferPointer(rebasing: waiting[..<count]))
    }
    inbound.consume(count)
    unsafe filled?.pointee = count
    return 1
  }
}

/// BIO_write_ex: always takes everything, since the queue grows.
private func writeCiphertext(
  _ bio: OpaquePointer?, _ bytes: UnsafePointer<CChar>?, _ count: Int, _ taken: UnsafeMutablePointer<Int>?
) -> Int32 {
  guard let bytes = unsafe bytes else { return 0 }
  return unsafe Callbacks.withQueues(ofBIO: bio) { _, outbound, _ in
    unsafe BIO_clear_flags(bio, retryFlags)
    unsafe outbound.append(Span(_unsafeStart: UnsafeRawPointer(bytes), byteCount: count))
    unsafe taken?.pointee = count
    return 1
  }
}

/// BIO_ctrl: flushing succeeds by doing nothing; the end of input is told so that OpenSSL can tell a cut
/// connection from one that waits. Every other request is for other kinds of BIO.
private func control(
  _ bio: OpaquePointer?, _ command: Int32, _ argument: Int, _ pointer: UnsafeMutableRawPointer?
) -> Int {
  switch command {
  case BIO_CTRL_FLUSH: 1
  case BIO_CTRL_EOF: unsafe Callbacks.session(ofBIO: bio)?.isInputAtEnd == true ? 1 : 0
  default: 0
  }
}
