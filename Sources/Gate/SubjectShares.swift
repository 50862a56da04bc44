// What one subject may have of what all subjects share.

internal import Policy
internal import Synchronization

/// Shared by the workers: a subject comes over connections to any of them.
final class SubjectShares: Sendable {
  let limits: SubjectLimits
  /// One for each subject that ever asked Consul for something: as many as the policies know tokens.
  private let known = Mutex<[AccessorID: SubjectUsage]>([:])

  init(_ limits: GateLimits) { self.limits = SubjectLimits(limits) }

  /// Takes a lock: a connection asks once for each subject that it turns out to be, see `Client.usage`.
  func usage(of subject: Subject) -> SubjectUsage {
    known.withLock { known in
      if let usage = known[subject.accessorID] { return usage }
      let usage = SubjectUsage(limits)
      known[subject.accessorID] = usage
      return usage
    }
  }
}

/// The greatest shares, as counts. At least one of each, so that nobody is shut out by rounding.
struct SubjectLimits: Sendable, Equatable {
  /// Blocking queries that wait at once.
  let blocking: Int
  /// Requests that Consul is asked at once, blocking queries included.
  let upstream: Int
  /// Requests that wait for a connection to Consul at once.
  let queued: Int
  /// Bytes of replies held at once.
  let content: Int

  init(_ limits: GateLimits) {
    // Who may have everything has no limit of its own: then 503 says that there is no more, as without shares.
    func share(_ percent: Int, of whole: Int) -> Int {
      percent == 100 ? .max : max(1, (whole * percent + 99) / 100)
    }
    blocking = share(limits.blockingPercentPerToken, of: limits.blockingConnections)
    upstream = share(limits.upstreamPercentPerToken, of: limits.upstreamConnections)
    queued = limits.queuedRequestsPerToken
    content = max(limits.replyBytes, share(limits.contentPercentPerToken, of: limits.contentBytes))
  }
}

/// What one subject holds now, over all workers.
final class SubjectUsage: Sendable {
  enum Share: Sendable, Hashable {
    case blockingQueries, upstreamRequests, queuedRequests
  }

  let limits: SubjectLimits
  private let blocking = Atomic(0)
  private let upstream = Atomic(0)
  private let queued = Atomic(0)
  private let content = Atomic(0)

  init(_ limits: SubjectLimits) { self.limits = limits }

  /// Takes one more of `share`, or returns false if there are as many as there may be.
  func tryAcquire(_ share: Share) -> Bool {
    switch share {
    case .blockingQueries: Self.tryAdd(1, to: blocking, limit: limits.blocking)
    case .upstreamRequests: Self.tryAdd(1, to: upstream, limit: limits.upstream)
    case .queuedRequests: Self.tryAdd(1, to: queued, limit: limits.queued)
    }
  }

  func release(_ share: Share) {
    switch share {
    case .blockingQueries: blocking.subtract(1, ordering: .relaxed)
    case .upstreamRequests: upstream.subtract(1, ordering: .relaxed)
    case .queuedRequests: queued.subtract(1, ordering: .relaxed)
    }
  }

  func limit(of share: Share) -> Int {
    switch share {
    case .blockingQueries: limits.blocking
    case .upstreamRequests: limits.upstream
    case .queuedRequests: limits.queued
    }
  }

  /// Bytes of a reply; `release(contentBytes:)` gives them back.
  func tryAcquire(contentBytes bytes: Int) -> Bool { Self.tryAdd(bytes, to: content, limit: limits.content) }

  func release(contentBytes bytes: Int) { content.subtract(bytes, ordering: .relaxed) }

  /// Counts only what it grants: adding first and looking then would let one refusal cause another.
  private static func tryAdd(_ amount: Int, to count: borrowing Atomic<Int>, limit: Int) -> Bool {
    var seen = count.load(ordering: .relaxed)
    while amount <= limit - seen {
      let (isAdded, actual) = count.weakCompareExchange(
        expected: seen, desired: seen + amount, ordering: .relaxed)
      if isAdded { return true }
      seen = actual
    }
    return false
  }
}
