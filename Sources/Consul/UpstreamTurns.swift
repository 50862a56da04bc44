// Who may ask Consul now, and who has to wait for his turn.

internal import Sockets

/// One worker's. What is begun is ended, however it ends.
final class UpstreamTurns {
  private let budget: UpstreamBudget
  private let limits: UpstreamLimits
  private let loop: EventLoop
  /// Requests of subjects that have their whole share, in the order of their coming; no line is empty.
  private var lines: [ObjectIdentifier: WaitQueue] = [:]

  init(_ budget: UpstreamBudget, limits: UpstreamLimits, loop: EventLoop) {
    self.budget = budget
    self.limits = limits
    self.loop = loop
  }

  /// A blocking query has its place for minutes: there is nothing to wait for.
  func beginBlocking(of subject: SubjectUsage) throws(UpstreamFailure) {
    guard subject.tryAcquire(.blockingQueries, free: budget.freeForBlocking) else {
      throw .tooMany(.blockingQueries, count: subject.count(of: .blockingQueries))
    }
    guard budget.acquireBlocking() else {
      subject.release(.blockingQueries)
      throw .busy
    }
  }

  func endBlocking(of subject: SubjectUsage) {
    budget.releaseBlocking()
    subject.release(.blockingQueries)
  }

  /// `waiter` is where the caller waits for its turn, and nobody else.
  @inline(__always)
  func beginRequest(of subject: SubjectUsage, in waiter: Waiter) async throws(UpstreamFailure) {
    let isFirst = lines.isEmpty || lines[ObjectIdentifier(subject)] == nil
    if !isFirst || !subject.tryAcquire(.upstreamRequests, free: budget.freeForRequests) {
      try await waitForRequest(of: subject, in: waiter)
    }
    budget.beginRequest()
  }

  func endRequest(of subject: SubjectUsage) {
    subject.release(.upstreamRequests)
    budget.endRequest()
    if !lines.isEmpty { lines[ObjectIdentifier(subject)]?.first?.wake(.ready) }
  }

  /// Others of the subject must end first: those of this worker wake who stands first, and it looks now and then whether
  /// those of other workers have ended.
  @inline(never)
  private func waitForRequest(of subject: SubjectUsage, in waiter: Waiter) async throws(UpstreamFailure) {
    guard subject.tryAcquire(.queuedRequests) else {
      throw .tooMany(.queuedRequests, count: subject.count(of: .queuedRequests))
    }
    let line = ObjectIdentifier(subject)
    lines[line, default: WaitQueue()].join(waiter, as: line)
    defer {
      subject.release(.queuedRequests)
      lines[line]?.leave(waiter, as: line)
      if let next = lines[line]?.first { next.wake(.ready) } else { lines[line] = nil }
    }
    let end = loop.now.advanced(by: limits.queueTimeout)
    while loop.now < end {
      let isFirst = lines[line]?.first === waiter
      let pause = isFirst ? min(end, loop.now.advanced(by: UpstreamLimits.budgetPause)) : end
      _ = await waiter.park(until: pause, unless: { !isFirst && lines[line]?.first === waiter })
      if lines[line]?.first === waiter,
        subject.tryAcquire(.upstreamRequests, free: budget.freeForRequests)
      {
        return
      }
    }
    throw .tooMany(.upstreamRequests, count: subject.count(of: .upstreamRequests))
  }

  func beginChange(of subject: SubjectUsage, in waiter: Waiter) async throws(UpstreamFailure) {
    if !tryBeginChange(of: subject) { try await waitForChange(of: subject, in: waiter) }
  }

  func endChange(of subject: SubjectUsage) {
    subject.release(.changes)
    budget.releaseChange()
  }

  private func tryBeginChange(of subject: SubjectUsage) -> Bool {
    guard subject.tryAcquire(.changes, free: budget.freeForChanges) else { return false }
    if budget.acquireChange() { return true }
    subject.release(.changes)
    return false
  }

  /// What is left is for others, or for reads.
  @inline(never)
  private func waitForChange(of subject: SubjectUsage, in waiter: Waiter) async throws(UpstreamFailure) {
    let end = loop.now.advanced(by: limits.queueTimeout)
    while loop.now < end {
      _ = await waiter.park(
        until: min(end, loop.now.advanced(by: UpstreamLimits.budgetPause)), unless: { false })
      if tryBeginChange(of: subject) { return }
    }
    let count = subject.count(of: .changes)
    throw count > 0 ? .tooMany(.changes, count: count) : .busy
  }
}
