// Where one endpoint is, looked up again now and then.

/// The addresses of one endpoint for the tasks of one loop.
///
/// At most one look-up is under way, on its own thread, however many tasks wait for it and however many have
/// given up: a name server that does not answer must not cost a thread for each request. While it is silent, the
/// addresses that were good before still are the best guess.
package final class ResolverCache {
  package typealias LookUp = @Sendable (Endpoint) throws(SocketError) -> [SocketAddress]

  private let endpoint: Endpoint
  private let loop: EventLoop
  private let lifetime: Duration
  private let lookUp: LookUp
  private var known: [SocketAddress] = []
  private var expiry = Deadline(nanoseconds: 0)
  /// Nobody answered at the known ones.
  private var isDoubted = false
  private var isLookingUp = false
  private var failure: SocketError?
  private var waiting: [Waiter] = []

  /// - Parameter lifetime: how long a name stands for what it resolved to.
  package init(
    _ endpoint: Endpoint, lifetime: Duration, on loop: EventLoop, lookUp: @escaping LookUp = resolve
  ) {
    self.endpoint = endpoint
    self.loop = loop
    self.lifetime = lifetime
    self.lookUp = lookUp
    if let addresses = Resolver.withoutAsking(endpoint) {
      known = addresses
      expiry = .never
    }
  }

  package static let resolve: LookUp = { (endpoint) throws(SocketError) in
    try Resolver.resolveBlocking(endpoint)
  }

  /// The addresses, best first. Waits only if none are known, or if those that are known were doubted.
  package func addresses(by deadline: Deadline) async throws(SocketError) -> [SocketAddress] {
    guard loop.now >= expiry || isDoubted && expiry != .never else { return known }
    beginLookUp()
    if !known.isEmpty && !isDoubted { return known }
    if isLookingUp {
      let place = Waiter(on: loop)
      waiting.append(place)
      let wake = await place.park(until: deadline, unless: { !isLookingUp })
      waiting.removeAll { $0 === place }
      guard wake == .ready else { throw SocketError(doing: .resolve, because: .deadline) }
    }
    if known.isEmpty, let failure { throw failure }
    return known
  }

  /// Nobody answered there: anyone who asks next waits for a new look-up.
  package func doubt() { isDoubted = true }

  private func beginLookUp() {
    guard !isLookingUp else { return }
    isLookingUp = true
    let book = LoopBound(self, on: loop)
    let code = Thread.startIfPossible(named: "resolver") { [endpoint, lookUp] in
      let result = Result { () throws(SocketError) in try lookUp(endpoint) }
      book.perform { $0.finish(result) }
    }
    if code != 0 { finish(.failure(SocketError(doing: .resolve, code: code))) }
  }

  private func finish(_ result: Result<[SocketAddress], SocketError>) {
    isLookingUp = false
    isDoubted = false
    switch result {
    case .success(let addresses):
      known = addresses
      failure = nil
      expiry = loop.now.advanced(by: lifetime)
    case .failure(let error): failure = error
    }
    for place in waiting { place.wake(.ready) }
  }
}
