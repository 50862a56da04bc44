// One TLS conversation, without I/O: ciphertext and plaintext move between byte queues.

internal import COpenSSL
package import Sockets

/// Confined to the thread of its context.
///
/// The driver moves ciphertext: what the kernel gave goes into `inbound`, what stands in `outbound` goes to the
/// kernel after every step (also after one that threw: an alert may be waiting that tells the peer why).
/// ```
/// while try session.handshake() == .needsInput {
///   await flush(); await stream.readable(); if stream.receive(into: inbound) == 0 { session.endInput() }
/// }
/// ```
@safe package final class Session {
  package enum Step: Sendable, Hashable {
    /// The handshake is done; at least one byte was read.
    case progress
    /// Nothing more can be made of what is in `inbound`.
    case needsInput
    /// The peer said close_notify: it sends nothing more, and nothing was cut.
    case closed
  }

  /// Ciphertext from the peer.
  package let inbound: ByteQueue
  /// Ciphertext to the peer.
  package let outbound: ByteQueue
  /// The handshake was completed.
  package private(set) var isEstablished = false
  private(set) var hasInputEnded = false
  private var hasPeerClosed = false
  /// Its record buffers were given back, and nothing was read since.
  private var isQuiet = false
  /// Set by the ALPN callback when nothing that the client offers will do.
  var refusedApplicationProtocols: [String] = []
  /// Set by the verification callback; OpenSSL drops a certificate that it refuses.
  var refusedCertificateSubject = ""

  /// The first bytes that came: OpenSSL drops them before it says that they are no TLS.
  private(set) var beginning: [UInt8] = []

  // After a fatal error OpenSSL must not be called again on this connection (SSL_get_error(3)).
  private var failure: TLSError?
  private var handle: Owned
  private let role: Role
  /// Its conversation goes on in another session.
  private var isOver = false

  enum Role {
    case server(ServerContext)
    case client(ClientContext)
  }

  /// The side that was connected to.
  package convenience init(
    accepting context: ServerContext, inbound: ByteQueue, outbound: ByteQueue
  ) throws(TLSError) {
    try self.init(.server(context), inbound, outbound)
    unsafe handle.lend { unsafe SSL_set_accept_state($0) }
  }

  /// The side that connected.
  package convenience init(
    connecting context: ClientContext, inbound: ByteQueue, outbound: ByteQueue
  ) throws(TLSError) {
    try self.init(.client(context), inbound, outbound)
    try unsafe handle.lend { (ssl) throws(TLSError) in
      unsafe SSL_set_connect_state(ssl)
      try unsafe context.prepare(ssl)
    }
  }

  private convenience init(
    _ role: Role, _ inbound: ByteQueue, _ outbound: ByteQueue
  ) throws(TLSError) {
    let make = { (context: OpaquePointer) throws(TLSError) -> Owned in
      try unsafe Owned.adopt("SSL_new", freeing: { unsafe SSL_free($0) }) { unsafe SSL_new(context) }
    }
    let handle =
      switch role {
      case .server(let context): try unsafe context.handle.lend(make)
      case .client(let context): try unsafe context.handle.lend(make)
      }
    try self.init(role, handle, inbound, outbound)
  }

  private init(
    _ role: Role, _ handle: consuming Owned, _ inbound: ByteQueue, _ outbound: ByteQueue
  ) throws(TLSError) {
    self.role = role
    self.inbound = inbound
    self.outbound = outbound
    self.handle = handle
    let bio = try unsafe Call.make("BIO_new") { unsafe BIO_new(Callbacks.queueMethod.pointer) }
    unsafe BIO_set_data(bio, Unmanaged.passUnretained(self).toOpaque())
    unsafe BIO_set_init(bio, 1)
    // Given as both, SSL_set_bio takes one reference: the SSL now owns the BIO.
    unsafe self.handle.lend { unsafe SSL_set_bio($0, bio, bio) }
  }

  deinit {
    guard failure == nil, !isOver else { return }
    // A session that ends without close_notify would be marked as not to be resumed. Since TLS 1.1 that is no
    // rule any more, and idle upstream connections end this way.
    unsafe handle.lend { unsafe SSL_set_shutdown($0, SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN) }
  }

  /// Ends this object, but not the conversation: a session that is made of the result goes on with it. Nil, and nothing
  /// is changed, while bytes are on their way, or if there is nothing to go on with.
  package func suspend() -> SuspendedSession? {
    let canGoOn = isEstablished && failure == nil && !hasInputEnded && !hasPeerClosed
    guard canGoOn, !isOver, outbound.isEmpty, isBetweenRecords else { return nil }
    releaseBuffers()
    // Drops the BIO; the next session brings its own.
    unsafe handle.lend { unsafe SSL_set_bio($0, nil, nil) }
    isOver = true
    return SuspendedSession(handle: handle.take(), role: role)
  }

  /// Goes on where the session that rested ended.
  package convenience init(
    waking suspended: consuming SuspendedSession, inbound: ByteQueue, outbound: ByteQueue
  ) throws(TLSError) {
    let role = suspended.role
    try self.init(role, suspended.handle, inbound, outbound)
    isEstablished = true
  }

  /// Call when the connection has ended; the next step that runs dry then throws `truncated`. What was established can
  /// still write: the peer may have ended its side alone.
  package func endInput() { hasInputEnded = true }

  /// OpenSSL is told of an end in a handshake only: after that it would take it for a fatal error, and write no more.
  var tellsEnd: Bool { hasInputEnded && !isEstablished }

  var isInputAtEnd: Bool { tellsEnd && inbound.isEmpty }
  var ticketKeys: TicketKeys? { serverContext?.ticketKeys }
  var serverContext: ServerContext? { if case .server(let context) = role { context } else { nil } }
  var clientContext: ClientContext? { if case .client(let context) = role { context } else { nil } }

  private var peer: Peer {
    switch role {
    case .server: .client
    case .client: .server
    }
  }

  // MARK: Steps

  /// Goes on with the handshake as far as the input reaches.
  package func handshake() throws(TLSError) -> Step {
    if beginning.count < TLSLimits.recordHeaderBytes {
      beginning += inbound.prefix(TLSLimits.recordHeaderBytes - beginning.count)
    }
    let outcome = try unsafe step { unsafe SSL_do_handshake($0) }
    if outcome == .progress, !isEstablished {
      isEstablished = true
      keepRenewedTicket()
    }
    return outcome
  }

  /// Decrypts every record that is complete in `inbound` to the back of `plaintext`.
  package func read(into plaintext: ByteQueue) throws(TLSError) -> Step {
    if let failure { throw failure }
    let before = plaintext.count
    var outcome = hasPeerClosed ? Step.closed : .progress
    // Without input and without a rest from the record before, OpenSSL could only say that it needs input.
    while outcome == .progress, !inbound.isEmpty || hasPending {
      do throws(TLSError) {
        outcome = try readOnce(into: plaintext)
      } catch {
        // What came before the fault counts; the fault is kept and thrown by the next step.
        if plaintext.count > before { return .progress }
        throw error
      }
    }
    if plaintext.count > before {
      isQuiet = false
      return .progress
    }
    if outcome == .closed { return .closed }
    guard !hasInputEnded else { throw .truncated(by: peer) }
    // Tickets, which nobody waits for, have taken the buffers again.
    if isQuiet { releaseBuffers() }
    return .needsInput
  }

  /// Encrypts all of `plaintext` to the back of `outbound`.
  package func write(_ plaintext: Span<UInt8>) throws(TLSError) {
    guard !plaintext.isEmpty else { return }
    guard isEstablished else {
      throw .library(operation: "SSL_write_ex", reason: "written before the handshake was done")
    }
    // The outbound queue takes everything, and there is no partial write: one call writes it all.
    let outcome = try unsafe plaintext.withUnsafeBytes { (bytes) throws(TLSError) in
      try unsafe step { ssl in
        var written = 0
        return unsafe SSL_write_ex(ssl, bytes.baseAddress, bytes.count, &written)
      }
    }
    guard outcome == .progress else {
      throw .library(operation: "SSL_write_ex", reason: "asked for input")
    }
  }

  /// Encrypts what waits in `plaintext`, `limit` bytes at most, and takes it from there. Anyone who has much to
  /// say does so in pieces of `TLSLimits.pieceBytes` and empties `outbound` between them.
  package func write(from plaintext: ByteQueue, atMost limit: Int = .max) throws(TLSError) {
    let count = min(plaintext.count, limit)
    try plaintext.withBytes { (bytes) throws(TLSError) in try write(bytes.extracting(0..<count)) }
    plaintext.consume(count)
  }

  /// Gives back the record buffers of OpenSSL, 34 kB, until there is something to read or write. For a session that idles:
  /// SSL_MODE_RELEASE_BUFFERS would do it after every record, and cost an allocation a record.
  package func releaseBuffers() {
    // It refuses while part of a record waits in them; but before 3.0.14, 3.1.6, 3.2.2 and 3.3.1 not between the header
    // of a record and its first byte, and then reads on in memory that it has freed (CVE-2024-4741).
    guard isEstablished, failure == nil, !isInsideRecord else { return }
    _ = unsafe handle.lend { unsafe SSL_free_buffers($0) }
    isQuiet = true
  }

  /// Puts close_notify into `outbound`, once: nothing more will be written. What the peer still sends can be read.
  package func close() throws(TLSError) {
    guard isEstablished, failure == nil else { return }
    // 0 says that ours is sent and the peer's has not come: nothing we wait for.
    unsafe handle.lend { ssl in
      ErrorQueue.clear()
      if unsafe SSL_shutdown(ssl) < 0 { ErrorQueue.clear() }
    }
  }

  /// Lends the SSL.
  func lend<Result>(_ body: (OpaquePointer) -> Result) -> Result { unsafe handle.lend(body) }

  /// Under TLS 1.2 OpenSSL tells its callback of new sessions only, not of the fresh ticket for a resumed one.
  private func keepRenewedTicket() {
    guard let context = clientContext else { return }
    unsafe handle.lend { ssl in
      guard unsafe SSL_version(ssl) == TLS1_2_VERSION, unsafe SSL_session_reused(ssl) == 1,
        let renewed = unsafe SSL_get1_session(ssl)
      else { return }
      unsafe context.keep(adopting: renewed)
    }
  }

  /// Nothing of a record has come that is not read yet.
  package var isBetweenRecords: Bool { inbound.isEmpty && !hasPending && !isInsideRecord }

  private var hasPending: Bool { unsafe handle.lend { unsafe SSL_has_pending($0) == 1 } }

  /// The header of a record has come, and not yet all of its body. A header alone is nothing pending to OpenSSL.
  private var isInsideRecord: Bool {
    // "RH", "RB" or "RD": a record's header is read, its body, or nothing more of it.
    unsafe handle.lend { unsafe SSL_rstate_string($0)[1] == CChar(UInt8(ascii: "B")) }
  }

  private func readOnce(into plaintext: ByteQueue) throws(TLSError) -> Step {
    // Plaintext is never longer than its ciphertext, so that a short request takes little space and a full
    // record is not read in pieces.
    let pending = unsafe handle.lend { unsafe Int(SSL_pending($0)) }
    let space = max(1, min(max(inbound.count, pending), TLSLimits.recordPlaintextBytes))
    var outcome: Result<Step, TLSError> = .success(.needsInput)
    unsafe plaintext.withSpace(space) { space in
      var filled = 0
      do throws(TLSError) {
        let step = try unsafe step { ssl in unsafe SSL_read_ex(ssl, space.baseAddress, space.count, &filled) }
        outcome = .success(step)
      } catch {
        outcome = .failure(error)
      }
      return filled
    }
    return try outcome.get()
  }

  private func step(_ call: (OpaquePointer) -> Int32) throws(TLSError) -> Step {
    if let failure { throw failure }
    let outcome = unsafe handle.lend { unsafe Call.step($0, call) }
    switch outcome {
    case .done: return .progress
    case .needsInput: return .needsInput
    case .closed:
      hasPeerClosed = true
      return .closed
    case .failed(let entries):
      let error = unsafe handle.lend { ssl in
        unsafe Diagnosis(peer: peer, ssl: ssl, session: self).error(from: entries)
      }
      failure = error
      throw error
    }
  }
}
