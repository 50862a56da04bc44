// Which connections are let in: so many in all, and so many of one address.

internal import Policy
internal import Sockets
internal import Synchronization

/// Shared by the workers, since neither number means anything for one of them alone: the kernel spreads connections over
/// the workers without asking which of them has room.
final class ClientAdmission: Sendable {
  private let connections: Int
  let perAddress: Int
  private let exempt: [AddressRange]
  private let state = Mutex(State())

  private struct State {
    var open = 0
    /// Without those of exempt addresses; an address that has none is not in it.
    var byAddress: [Address: Int] = [:]
    /// One for each worker that waits for a place.
    var waiting: [@Sendable () -> Void] = []
  }

  /// `connections` is what both the limits and the descriptors allow.
  init(limits: GateLimits, connections: Int) {
    self.connections = connections
    perAddress = limits.connectionsPerAddress(of: connections)
    exempt = limits.exemptAddresses
  }

  /// Whether nobody can be let in now. If so, `wake` is called once when that may have changed, from any thread.
  func isFull(orElse wake: @escaping @Sendable () -> Void) -> Bool {
    state.withLock { state in
      guard state.open >= connections else { return false }
      state.waiting.append(wake)
      return true
    }
  }

  enum Admission {
    case place(AdmittedClient)
    /// Another worker was quicker: see `isFull`.
    case full
    /// The address has as many as it may.
    case addressIsFull
  }

  /// A place for a connection from `address` (nil for one that has none, such as a socket file's). A client that cannot be told from its neighbours is counted with them: an IPv6 subscriber has
  /// a network of 64 bits, and any number of addresses in it (RFC 6177).
  func admit(_ address: Address?) -> Admission {
    let counted = address.flatMap { address in
      exempt.contains { $0.contains(address) } ? nil : address.network
    }
    return state.withLock { state in
      let count = counted.map { state.byAddress[$0, default: 0] } ?? 0
      guard counted == nil || count < perAddress else { return .addressIsFull }
      guard state.open < connections else { return .full }
      if let counted { state.byAddress[counted] = count + 1 }
      state.open += 1
      return .place(AdmittedClient(self, counted))
    }
  }

  fileprivate func release(_ address: Address?) {
    let waiting = state.withLock { state in
      state.open -= 1
      if let address {
        let count = state.byAddress[address, default: 1] - 1
        state.byAddress[address] = count > 0 ? count : nil
      }
      guard state.open < connections else { return [@Sendable () -> Void]() }
      defer { state.waiting.removeAll() }
      return state.waiting
    }
    for wake in waiting { wake() }
  }

  /// Connections open now, and addresses that are counted.
  var held: (connections: Int, addresses: Int) { state.withLock { ($0.open, $0.byAddress.count) } }
}

/// A connection's place, given back when the connection is gone, however it ends.
final class AdmittedClient {
  private let admission: ClientAdmission
  private let address: Address?

  fileprivate init(_ admission: ClientAdmission, _ address: Address?) {
    self.admission = admission
    self.address = address
  }

  deinit { admission.release(address) }
}
