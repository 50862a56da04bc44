// Whether Consul can be used: said once when it no longer can be, and once when it can again.

package import Audit
package import Logging
internal import Messages
package import Sockets
internal import Synchronization

/// Shared by the workers: they speak with one Consul, and one line is enough for all of them.
package final class UpstreamHealth: Sendable {
  private struct State {
    var lostSince: WallTime?
    var failures = 0
  }

  /// So that an answer costs no lock while all is well.
  private let isLost = Atomic(false)
  private let state = Mutex(State())
  private let upstream: String

  package init(_ upstream: Endpoint) { self.upstream = "\(upstream)" }

  /// Why Consul gave no answer, or nil if that is not known to be Consul's fault.
  private static func reason(_ failure: UpstreamFailure) -> String? {
    switch failure {
    case .unreachable(let error): "\(error)"
    case .reply(MessageError.noRoom), .reply(MessageError.interrupted): nil
    case .reply(let error): "\(error)"
    default: nil
    }
  }

  /// A request failed. The event of the first one; the others are counted.
  package func noteFailure(_ failure: UpstreamFailure, logger: Logger) -> GateEvent? {
    guard let reason = Self.reason(failure) else { return nil }
    let isFirst = state.withLock { state in
      state.failures += 1
      guard state.lostSince == nil else { return false }
      state.lostSince = .now()
      return true
    }
    guard isFirst else { return nil }
    isLost.store(true, ordering: .relaxed)
    logger.error("Consul cannot be used", metadata: ["upstream": "\(upstream)", "reason": "\(reason)"])
    return GateEvent(
      .upstreamLost, facts: [("upstream", .text(upstream)), ("reason", .client(Array(reason.utf8)))])
  }

  /// Consul has answered something. The event of the first answer after it had not.
  @inline(__always)
  package func noteAnswer(logger: Logger) -> GateEvent? {
    isLost.load(ordering: .relaxed) ? noteReturn(logger: logger) : nil
  }

  @inline(never)
  private func noteReturn(logger: Logger) -> GateEvent? {
    let ended = state.withLock { state in
      defer { state = State() }
      return state.lostSince.map { (since: $0, failures: state.failures) }
    }
    guard let ended else { return nil }
    isLost.store(false, ordering: .relaxed)
    logger.notice(
      "Consul can be used again", metadata: ["upstream": "\(upstream)", "failures": "\(ended.failures)"])
    return GateEvent(
      .upstreamBack,
      facts: [
        ("upstream", .text(upstream)), ("since", .time(ended.since)), ("failures", .number(ended.failures)),
      ])
  }
}
