// What one subject may have of what all subjects share.

package import Policy
internal import Synchronization

/// Shared by the workers: a subject comes over connections to any of them.
package final class SubjectShares: Sendable {
  package let limits: SubjectLimits
  /// One for each subject that ever asked Consul for something: as many as the policies know tokens.
  private let known = Mutex<[AccessorID: SubjectUsage]>([:])

  package init(_ limits: SubjectLimits) { self.limits = limits }

  /// Takes a lock: a connection asks once for each subject that it turns out to be, see `ConnectionContext.usage`.
  package func usage(of subject: Subject) -> SubjectUsage {
    known.withLock { known in
      if let usage = known[subject.accessorID] { return usage }
      let usage = SubjectUsage(limits)
      known[subject.accessorID] = usage
      return usage
    }
  }
}

/// The greatest shares, as counts. At least one of each, so that nobody is shut out by rounding.
///
/// Below them, a subject gets more only while more is free than it has. Alone it comes to half of all, two come to a third
/// each, and some is always left for anyone who comes next: the dynamic thresholds that switches share their buffers by.
package struct SubjectLimits: Sendable, Equatable {
  /// Blocking queries that wait at once.
  package let blocking: Int
  /// Requests that Consul is asked at once, blocking queries included.
  package let upstream: Int
  /// Changes that Consul is asked for at once.
  package let changes: Int
  /// Requests that wait for a connection to Consul at once.
  package let queued: Int
  /// Bytes of replies held at once, and what of them is never refused.
  package let replies: Int
  package let largestReply: Int
  /// The same of the bodies of requests.
  package let requests: Int
  package let largestRequest: Int

  package init(
    blocking: Int, upstream: Int, changes: Int, queued: Int, replies: Int, largestReply: Int, requests: Int,
    largestRequest: Int
  ) {
    (self.blocking, self.upstream, self.changes, self.queued) = (blocking, upstream, changes, queued)
    (self.replies, self.largestReply) = (replies, largestReply)
    (self.requests, self.largestRequest) = (requests, largestRequest)
  }
}

/// What one subject holds now, over all workers.
package final class SubjectUsage: Sendable {
  package enum Share: Sendable, Hashable {
    case blockingQueries, upstreamRequests, changes, queuedRequests
  }

  package let limits: SubjectLimits
  private let blocking = Atomic(0)
  private let upstream = Atomic(0)
  private let changes = Atomic(0)
  private let queued = Atomic(0)
  private let replies = Atomic(0)
  private let requests = Atomic(0)

  init(_ limits: SubjectLimits) { self.limits = limits }

  /// Takes one more of `share`, or returns false if there are as many as there may be.
  ///
  /// - Parameter free: how many of them nobody has. The first is not refused for that: there may be turns for it.
  package func tryAcquire(_ share: Share, free: Int = .max) -> Bool {
    switch share {
    case .blockingQueries: Self.tryAdd(1, to: blocking, limit: limits.blocking, or: max(1, free))
    case .upstreamRequests: Self.tryAdd(1, to: upstream, limit: limits.upstream, or: max(1, free))
    case .changes: Self.tryAdd(1, to: changes, limit: limits.changes, or: max(1, free))
    case .queuedRequests: Self.tryAdd(1, to: queued, limit: limits.queued)
    }
  }

  package func release(_ share: Share) {
    switch share {
    case .blockingQueries: blocking.subtract(1, ordering: .relaxed)
    case .upstreamRequests: upstream.subtract(1, ordering: .relaxed)
    case .changes: changes.subtract(1, ordering: .relaxed)
    case .queuedRequests: queued.subtract(1, ordering: .relaxed)
    }
  }

  package func count(of share: Share) -> Int {
    switch share {
    case .blockingQueries: blocking.load(ordering: .relaxed)
    case .upstreamRequests: upstream.load(ordering: .relaxed)
    case .changes: changes.load(ordering: .relaxed)
    case .queuedRequests: queued.load(ordering: .relaxed)
    }
  }

  /// Bytes of a reply; `release(replyBytes:)` gives them back.
  package func tryAcquire(replyBytes bytes: Int, free: Int) -> Bool {
    Self.tryAdd(bytes, to: replies, limit: limits.replies, or: max(limits.largestReply, free - bytes))
  }

  package func release(replyBytes bytes: Int) { replies.subtract(bytes, ordering: .relaxed) }

  /// The same of a request's body.
  package func tryAcquire(requestBytes bytes: Int, free: Int) -> Bool {
    Self.tryAdd(bytes, to: requests, limit: limits.requests, or: max(limits.largestRequest, free - bytes))
  }

  package func release(requestBytes bytes: Int) { requests.subtract(bytes, ordering: .relaxed) }

  /// Up to the lesser of two limits; who has none has not the other either. Counts only what it grants: adding first and
  /// looking then would let one refusal cause another.
  private static func tryAdd(
    _ amount: Int, to count: borrowing Atomic<Int>, limit: Int, or threshold: Int = .max
  ) -> Bool {
    let limit = limit == .max ? .max : min(limit, threshold)
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
