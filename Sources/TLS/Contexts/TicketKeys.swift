// The keys that seal session tickets: shared by all workers, replaced as they age.

internal import COpenSSL
internal import Synchronization

/// A ticket (RFC 5077, RFC 8446 4.6.1) is the session itself, sealed and kept by the client. Anyone who holds the
/// key can read what the session protects under TLS 1.2, so a key is made here, never stored, seals for one
/// interval, opens for one more, and is gone.
///
/// Shared by every worker, so that a client which comes back to another worker resumes there too.
package final class TicketKeys: Sendable {
  struct Key: Sendable, Equatable {
    static let nameBytes = 16
    let name: [UInt8]
    let cipherKey: [UInt8]
    let authenticationKey: [UInt8]
  }

  private struct State {
    var current: Key
    var previous: Key?
    var since: ContinuousClock.Instant
  }

  package let interval: Duration
  private let now: @Sendable () -> ContinuousClock.Instant
  private let state: Mutex<State>

  /// `now` is for tests.
  package init(
    interval: Duration = .seconds(TLSLimits.ticketLifetimeSeconds),
    now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) throws(TLSError) {
    self.interval = interval
    self.now = now
    state = Mutex(State(current: try Self.random(), previous: nil, since: now()))
  }

  /// The key that seals now.
  func sealing() -> Key? {
    state.withLock { state in
      rotate(&state) ? state.current : nil
    }
  }

  /// The key that sealed a ticket, and whether the ticket should be replaced by a fresh one.
  func opening(named name: some Sequence<UInt8>) -> (key: Key, isOld: Bool)? {
    state.withLock { state in
      guard rotate(&state) else { return nil }
      if state.current.name.elementsEqual(name) { return (state.current, false) }
      if let previous = state.previous, previous.name.elementsEqual(name) { return (previous, true) }
      return nil
    }
  }

  /// False if no new key could be made: then none is used, rather than one that is too old.
  private func rotate(_ state: inout State) -> Bool {
    let now = now()
    let age = now - state.since
    guard age >= interval else { return true }
    guard let fresh = try? Self.random() else { return false }
    // After two intervals without a handshake the last key is too old even to open.
    state = State(current: fresh, previous: age < interval * 2 ? state.current : nil, since: now)
    return true
  }

  private static func random() throws(TLSError) -> Key {
    var bytes = [UInt8](repeating: 0, count: Key.nameBytes + 64)
    try Call.check("RAND_priv_bytes") { unsafe RAND_priv_bytes(&bytes, Int32(bytes.count)) }
    return Key(
      name: Array(bytes[..<16]), cipherKey: Array(bytes[16..<48]), authenticationKey: Array(bytes[48...]))
  }
}
