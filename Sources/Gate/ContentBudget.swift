// How much content may be held at once, over all workers.

internal import Synchronization

/// Shared by the workers. Each body is bounded by itself and their number by the connections; this bounds the two
/// together, so that many clients with much to say cannot take all memory.
///
/// Counted is what has come, not what was announced: a promise alone must not take anything from others.
final class ContentBudget: Sendable {
  private let limit: Int
  /// Of `limit`, what requests may take: a body is read before anybody is known to have sent it, and strangers must not
  /// keep Consul's replies out.
  private let requestLimit: Int
  private let all = Atomic(0)
  private let requests = Atomic(0)

  init(bytes: Int) {
    limit = bytes
    requestLimit = bytes / 2
  }

  /// Bytes held now.
  var held: Int { all.load(ordering: .relaxed) }

  fileprivate func takeForRequest(_ bytes: Int) -> Bool {
    guard Self.take(bytes, from: requests, below: requestLimit) else { return false }
    if Self.take(bytes, from: all, below: limit) { return true }
    requests.subtract(bytes, ordering: .relaxed)
    return false
  }

  fileprivate func takeForReply(_ bytes: Int) -> Bool { Self.take(bytes, from: all, below: limit) }

  fileprivate func add(_ bytes: Int) { all.add(bytes, ordering: .relaxed) }

  fileprivate func give(request: Int, reply: Int) {
    if request > 0 { requests.subtract(request, ordering: .relaxed) }
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
struct ContentShare: ~Copyable {
  private let budget: ContentBudget
  private var request = 0
  private var reply = 0
  /// Whose reply it is: one that reads slowly, or many connections of one, must not keep others from theirs.
  private var subject: SubjectUsage?
  private var replyOfSubject = 0

  init(of budget: ContentBudget) { self.budget = budget }

  deinit {
    budget.give(request: request, reply: reply)
    subject?.release(contentBytes: replyOfSubject)
  }

  /// From now on, replies count for `subject`, too.
  mutating func count(for subject: SubjectUsage) { self.subject = subject }

  /// Whether so many bytes of the request's body may be held.
  mutating func holds(request bytes: Int) -> Bool {
    guard bytes > request else { return true }
    guard budget.takeForRequest(bytes - request) else {
      budget.give(request: request, reply: 0)
      request = 0
      return false
    }
    request = bytes
    return true
  }

  /// Whether so many bytes of the reply may be held. That to a change always may, and is counted: what Consul has done
  /// is done, and its reply is short.
  mutating func holds(reply bytes: Int, toChange isChange: Bool) -> Bool {
    guard bytes > reply else { return true }
    if isChange {
      budget.add(bytes - reply)
    } else {
      guard takesOfSubject(bytes) else { return false }
      guard budget.takeForReply(bytes - reply) else {
        dropReply()
        return false
      }
    }
    reply = bytes
    return true
  }

  private mutating func takesOfSubject(_ bytes: Int) -> Bool {
    guard let subject else { return true }
    guard subject.tryAcquire(contentBytes: bytes - replyOfSubject) else {
      dropReply()
      return false
    }
    replyOfSubject = bytes
    return true
  }

  private mutating func dropReply() {
    budget.give(request: 0, reply: reply)
    subject?.release(contentBytes: replyOfSubject)
    reply = 0
    replyOfSubject = 0
  }
}
