// One connection: bytes in, bytes out, and a deadline on every wait.

internal import Glibc

/// A connected, non-blocking socket, confined to its loop.
///
/// Reads and writes are tried first and cost one system call when they succeed; only a would-block leads to
/// a wait. Closing is idempotent, and dropping the stream closes it.
package final class Stream {
  package enum Receipt: Equatable {
    case bytes(Int)
    case wouldBlock
    /// The peer has sent all it will ever send.
    case end
  }

  package let loop: EventLoop
  private let slot: PollRegistration
  private var descriptor: Descriptor?
  /// The next wait of the reader is over before it begins.
  private var isReaderCalled = false

  init(_ descriptor: consuming Descriptor, on loop: EventLoop) throws(SocketError) {
    slot = try loop.register(descriptor)
    self.descriptor = consume descriptor
    self.loop = loop
  }

  deinit {
    if descriptor != nil { loop.unregister(slot) }
  }

  /// Ends both directions now. A task that waits here, or on behalf of this peer, is woken as interrupted.
  package func close() {
    guard descriptor != nil else { return }
    let dependent = slot.dependent
    slot.dependent = nil
    slot.hibernator = nil
    loop.unregister(slot)
    descriptor = nil
    interrupt()
    dependent?.abandon()
  }

  package var isOpen: Bool { descriptor != nil }

  /// The peer has shut its side, or the connection is broken.
  package var isHungUp: Bool { slot.isHungUp }

  /// Whether the next read may find something: bytes, the end, or an error. Costs no system call.
  package var mayHaveInput: Bool { slot.isReadable || slot.isHungUp }

  /// Makes the next read ask the kernel, whatever the events have said: an event can be on its way.
  package func recheckReadable() { slot.isReadable = true }

  // MARK: Reading

  /// Reads once, into the back of `queue`.
  package func receive(into queue: ByteQueue) throws(SocketError) -> Receipt {
    try unsafe receive { body in unsafe queue.withSpace(SocketLimits.readBytes, body) }
  }

  /// Reads once, straight behind the end of `bytes`, `limit` bytes at most.
  package func receive(into bytes: inout [UInt8], atMost limit: Int) throws(SocketError) -> Receipt {
    try unsafe receive { body in
      bytes.append(addingCapacity: limit) { end in
        unsafe end.withUnsafeMutableBufferPointer { space, count in
          count = unsafe body(UnsafeMutableRawBufferPointer(space))
        }
      }
    }
  }

  /// `lend` hands space to what it is given, which returns how much of it was filled.
  @inline(__always)
  private func receive(
    _ lend: ((UnsafeMutableRawBufferPointer) -> Int) -> Void
  ) throws(SocketError) -> Receipt {
    guard descriptor != nil else { throw SocketError(doing: .read, because: .closed) }
    guard mayHaveInput else { return .wouldBlock }
    let number = number
    var result = 0
    var asked = 0
    var code: Int32 = 0
    unsafe lend { space in
      asked = space.count
      repeat {
        result = unsafe recv(number, space.baseAddress, space.count, 0)
      } while result < 0 && errno == EINTR
      if result < 0 { code = errno }
      return max(result, 0)
    }
    if result < 0 {
      guard code == EAGAIN else { throw SocketError(doing: .read, code: code) }
      slot.isReadable = false
      return .wouldBlock
    }
    // A short read has emptied the socket: what comes later comes with its own event, so the read
    // that would only say "nothing yet" is spared.
    if result < asked { slot.isReadable = false }
    return result == 0 ? .end : .bytes(result)
  }

  /// Waits until a read may find something.
  package func readable(by deadline: Deadline) async throws(SocketError) {
    guard descriptor != nil else { throw SocketError(doing: .read, because: .closed) }
    if mayHaveInput, !isReaderCalled { return }
    try await wait(
      in: slot.reading, until: deadline, doing: .read, unless: { mayHaveInput || isReaderCalled })
    // Called before, or while it was about to wait.
    guard !isReaderCalled else { throw SocketError(doing: .read, because: .interrupted) }
  }

  // MARK: Writing

  /// Writes as much of `queue` as the kernel takes, without waiting.
  package func send(from queue: ByteQueue) throws(SocketError) {
    guard descriptor != nil else { throw SocketError(doing: .write, because: .closed) }
    let number = number
    while !queue.isEmpty && slot.isWritable {
      let sent = unsafe queue.withUnsafeBytes { bytes in
        unsafe Glibc.send(number, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
      }
      if sent >= 0 {
        queue.consume(sent)
      } else if errno == EAGAIN {
        slot.isWritable = false
      } else if errno != EINTR {
        throw SocketError(doing: .write, code: errno)
      }
    }
  }

  /// Writes all of `queue`, waiting where the peer is slow. The deadline is looked at before each wait: that of a peer who
  /// always reads a little in time would never be waited for.
  package func flush(_ queue: ByteQueue, by deadline: Deadline) async throws(SocketError) {
    try send(from: queue)
    while !queue.isEmpty {
      guard loop.now < deadline else { throw SocketError(doing: .write, because: .deadline) }
      try await wait(in: slot.writing(on: loop), until: deadline, doing: .write, unless: { slot.isWritable })
      try send(from: queue)
    }
  }

  /// Says that nothing more will be written, and lets the peer read what is under way.
  package func finishWriting() {
    guard descriptor != nil else { return }
    shutdown(number, Int32(SHUT_WR))
  }

  /// Waits for a connection under way to be made.
  func connected(by deadline: Deadline) async throws(SocketError) {
    slot.isWritable = false
    try await wait(in: slot.writing(on: loop), until: deadline, doing: .connect, unless: { slot.isWritable })
    var code: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    unsafe getsockopt(number, SOL_SOCKET, SO_ERROR, &code, &size)
    guard code == 0 || hasLastWords(after: code) else { throw SocketError(doing: .connect, code: code) }
    slot.isWritable = true
  }

  /// Whether the connection was made, and broken before that was noticed, with something to read left behind: a server
  /// that says why it wants no more connections is worth hearing.
  private func hasLastWords(after code: Int32) -> Bool {
    guard code == ECONNRESET || code == EPIPE else { return false }
    var byte: UInt8 = 0
    return unsafe recv(number, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT)) > 0
  }

  // MARK: Giving up

  /// Ends a wait of this stream's task, if it is in one: a drain, or the other side of a proxied exchange left.
  package func interrupt() {
    slot.reading.wake(.interrupted)
    slot.writingIfMade?.wake(.interrupted)
  }

  /// Interrupts the task that waits to read here, or is about to: there is something else to do, until `clearInterrupt`.
  package func interruptReader() {
    isReaderCalled = true
    slot.reading.wake(.interrupted)
  }

  package func clearInterrupt() { isReaderCalled = false }

  /// Ends every wait on this stream, those to come included: nobody wants what it would bring any more.
  package func abandon() {
    slot.reading.abandon()
    slot.writing(on: loop).abandon()
  }

  package var isAbandoned: Bool { slot.reading.isAbandoned }

  /// From now until `endWatch`, a hang-up of this stream abandons `place`: so a client that leaves ends the wait for
  /// the answer to it. False if it has left already: then no event will come.
  package func beginWatch(abandoning place: Waiter) -> Bool {
    guard isOpen, !slot.isHungUp else { return false }
    slot.dependent = place
    return true
  }

  /// Where this stream's reader is parked.
  package var readingPlace: Waiter { slot.reading }

  package func endWatch() { slot.dependent = nil }

  /// From now until `endHibernation`, `hibernator` is woken, once, when a read may find something. No task may wait for that
  /// meanwhile. False if a read may find something now.
  package func beginHibernation(of hibernator: any Hibernator) -> Bool {
    guard isOpen, !mayHaveInput else { return false }
    slot.hibernator = hibernator
    return true
  }

  package func endHibernation() { slot.hibernator = nil }

  private func wait(
    in parking: Waiter, until deadline: Deadline, doing attempt: SocketError.Attempt,
    unless hasCome: () -> Bool
  ) async throws(SocketError) {
    switch await parking.park(until: deadline, unless: { descriptor == nil || hasCome() }) {
    case .ready: guard descriptor != nil else { throw SocketError(doing: attempt, because: .closed) }
    case .deadline: throw SocketError(doing: attempt, because: .deadline)
    case .interrupted: throw SocketError(doing: attempt, because: .interrupted)
    }
  }

  private var number: Int32 { descriptor?.number ?? -1 }
}
