// How much content may be held at once, over all workers.

internal import Consul
internal import Synchronization

/// Shared by the workers. Each body is bounded by itself and their number by the connections; this bounds the two
/// together, so that many clients with much to say cannot take all memory.
///
/// Counted is what has come, not what was announced: a promise alone must not take anything from others.
final class ContentBudget: Sendable {
  private let limit: Int
  /// Of `limit`, what requests may take: they must not keep Consul's replies out.
  private let requestLimit: Int
  /// What those of anonymous callers may take beside that: anyone who has shown nothing must not keep out who has.
  private let anonymousLimit: Int
  private let all = Atomic(0)
  private let requests = Atomic(0)
  private let anonymousRequests = Atomic(0)

  /// - Parameter largestBody: an anonymous one of this size is held when no other is.
  init(bytes: Int, largestBody: Int = 0) {
    limit = bytes
    requestLimit = bytes / 2
    anonymousLimit = max(bytes / 8, largestBody)
  }

  /// Bytes held now.
  var held: Int { all.load(ordering: .relaxed) }

  /// What nobody has, of all and of the part of requests.
  fileprivate var free: Int { limit - all.load(ordering: .relaxed) }
  fileprivate var freeForRequests: Int { requestLimit - requests.load(ordering: .relaxed) }

  fileprivate func acquireForRequest(_ bytes: Int, isAnonymous: Bool) -> Bool {
    let isTaken =
      isAnonymous
      ? Self.take(bytes, from: anonymousRequests, below: anonymousLimit)
      : Self.take(bytes, from: requests, below: requestLimit)
    guard isTaken else { return false }
    if Self.take(bytes, from: all, below: limit) { return true }
    releaseShare(bytes, isAnonymous: isAnonymous)
    return false
  }

  private func releaseShare(_ bytes: Int, isAnonymous: Bool) {
    if isAnonymous {
      anonymousRequests.subtract(bytes, ordering: .relaxed)
    } else {
      requests.subtract(bytes, ordering: .relaxed)
    }
  }

  fileprivate func acquireForReply(_ bytes: Int) -> Bool { Self.take(bytes, from: all, below: limit) }

  /// More than may be held, if need be.
  fileprivate func add(_ bytes: Int) { all.add(bytes, ordering: .relaxed) }

  fileprivate func release(request: Int, isAnonymous: Bool = false, reply: Int) {
    if request > 0 { releaseShare(request, isAnonymous: isAnonymous) }
    if request + reply > 0 { all.subtract(request + reply, ordering: .relaxed) }
  }

  /// Counts only what it grants: adding first and looking then would let one refusal cause another.
  private static func take(_ bytes: Int, from count: borrowing Atomic<Int>, below limit: Int) -> Bool {
    var seen = count.load(ordering: .relaxed)
    while seen + bytes <= limit {
      let (isTaken, actual) = count.weakCompareExchange(
        expected: seen, desired: seen + bytes, ordering: .relaxed)
      if isTaken { return true }
      seen = actual
    }
    return false
  }
}

/// The part of one exchange, given back when the exchange is over, however it ends. What is refused to grow is dropped
/// by its reader and given back at once: while it was kept for the time of its answer, all others would be refused too.
struct BodyReservation: ~Copyable {
  private let budget: ContentBudget
  private var request = 0
  /// Of the request: one exchange has one caller.
  private var isAnonymous = false
  private var reply = 0
  /// Whose content it is: one that reads or writes slowly, or many connections of one, must not keep others from theirs.
  private var subject: SubjectUsage?
  private var requestOfSubject = 0
  private var replyOfSubject = 0

  init(of budget: ContentBudget) { self.budget = budget }

  deinit {
    budget.release(request: request, isAnonymous: isAnonymous, reply: reply)
    if requestOfSubject > 0 { subject?.release(requestBytes: requestOfSubject) }
    if replyOfSubject > 0 { subject?.release(replyBytes: replyOfSubject) }
  }

  /// From now on, what comes counts for `subject`, too. One exchange has one subject.
  mutating func count(for subject: SubjectUsage) { self.subject = subject }

  /// Whether so many bytes of the request's body may be held.
  mutating func tryReserve(request bytes: Int, isAnonymous: Bool) -> Bool {
    guard bytes > request else { return true }
    precondition(request == 0 || isAnonymous == self.isAnonymous, "a request has changed its caller")
    self.isAnonymous = isAnonymous
    guard isAnonymous || takesOfSubject(request: bytes) else { return false }
    guard budget.acquireForRequest(bytes - request, isAnonymous: isAnonymous) else {
      dropRequest()
      return false
    }
    request = bytes
    return true
  }

  /// Whether so many bytes of the reply may be held. A short one to a change always may, and is counted: what Consul has
  /// done is done.
  mutating func tryReserve(reply bytes: Int, toChange isChange: Bool) -> Bool {
    guard bytes > reply else { return true }
    if isChange, bytes <= GateLimits.changeReplyBytes {
      budget.add(bytes - reply)
    } else {
      guard takesOfSubject(reply: bytes) else { return false }
      guard budget.acquireForReply(bytes - reply) else {
        dropReply()
        return false
      }
    }
    reply = bytes
    return true
  }

  private mutating func takesOfSubject(request bytes: Int) -> Bool {
    guard let subject else { return true }
    guard subject.tryAcquire(requestBytes: bytes - requestOfSubject, free: budget.freeForRequests) else {
      dropRequest()
      return false
    }
    requestOfSubject = bytes
    return true
  }

  private mutating func takesOfSubject(reply bytes: Int) -> Bool {
    guard let subject else { return true }
    guard subject.tryAcquire(replyBytes: bytes - replyOfSubject, free: budget.free) else {
      dropReply()
      return false
    }
    replyOfSubject = bytes
    return true
  }

  private mutating func dropRequest() {
    budget.release(request: request, isAnonymous: isAnonymous, reply: 0)
    subject?.release(requestBytes: requestOfSubject)
    request = 0
    requestOfSubject = 0
  }

  private mutating func dropReply() {
    budget.release(request: 0, isAnonymous: isAnonymous, reply: reply)
    subject?.release(replyBytes: replyOfSubject)
    reply = 0
    replyOfSubject = 0
  }
}
