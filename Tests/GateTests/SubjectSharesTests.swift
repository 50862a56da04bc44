// What one subject may have: so much, and not one more.

import Testing

@testable import Consul
@testable import Gate

@Suite struct SubjectSharesTests {
  private func usage(_ change: (inout GateLimits) -> Void) -> SubjectUsage {
    var limits = GateLimits()
    change(&limits)
    return SubjectUsage(SubjectLimits(limits))
  }

  @Test(arguments: [(180, 75, 50, 68), (180, 75, 99, 134), (4, 75, 50, 2), (2, 50, 1, 1)])
  func `blocking queries`(connections: Int, blocking: Int, percent: Int, share: Int) {
    let usage = usage {
      $0.upstream.connections = connections
      $0.upstream.blockingPercent = blocking
      $0.blockingPercentPerToken = percent
    }
    for _ in 0..<share { #expect(usage.tryAcquire(.blockingQueries)) }
    #expect(!usage.tryAcquire(.blockingQueries))
    usage.release(.blockingQueries)
    #expect(usage.tryAcquire(.blockingQueries))
    #expect(!usage.tryAcquire(.blockingQueries))
  }

  @Test(arguments: [(180, 50, 90), (3, 50, 2), (2, 1, 1), (180, 99, 179)])
  func `requests that Consul is asked`(connections: Int, percent: Int, share: Int) {
    let usage = usage {
      $0.upstream.connections = connections
      $0.upstreamPercentPerToken = percent
    }
    for _ in 0..<share { #expect(usage.tryAcquire(.upstreamRequests)) }
    #expect(!usage.tryAcquire(.upstreamRequests))
    #expect(usage.count(of: .upstreamRequests) == share)
  }

  @Test func `who may have all of it has no limit of its own`() {
    let usage = usage {
      $0.upstream.connections = 2
      $0.upstreamPercentPerToken = 100
    }
    for _ in 0..<10 { #expect(usage.tryAcquire(.upstreamRequests)) }
  }

  @Test(arguments: [1, 2, 1_024]) func `requests that wait`(limit: Int) {
    let usage = usage { $0.queuedRequestsPerToken = limit }
    for _ in 0..<limit { #expect(usage.tryAcquire(.queuedRequests)) }
    #expect(!usage.tryAcquire(.queuedRequests))
  }

  @Test(arguments: [(499, true), (500, true), (501, false)])
  func `bytes of replies, but never less than one whole reply`(bytes: Int, isHeld: Bool) {
    let usage = usage {
      $0.contentBytes = 1_000
      $0.upstream.replyBytes = 400
    }
    #expect(usage.tryAcquire(replyBytes: bytes, free: 10_000) == isHeld)
    let narrow = self.usage {
      $0.contentBytes = 1_000
      $0.upstream.replyBytes = 900
    }
    #expect(narrow.tryAcquire(replyBytes: 900, free: 1_000))
    #expect(!narrow.tryAcquire(replyBytes: 1, free: 10_000))
  }

  @Test(arguments: [(299, true), (300, true), (301, false)])
  func `bytes of requests, but never less than one whole request`(bytes: Int, isHeld: Bool) {
    let usage = usage {
      $0.contentBytes = 1_200
      $0.bodyBytes = 200
    }
    #expect(usage.tryAcquire(requestBytes: bytes, free: 10_000) == isHeld)
    let narrow = self.usage {
      $0.contentBytes = 1_200
      $0.bodyBytes = 600
    }
    #expect(narrow.tryAcquire(requestBytes: 600, free: 600))
    #expect(!narrow.tryAcquire(requestBytes: 1, free: 10_000))
  }

  @Test func `a subject gets more only while more is free than it has`() {
    let usage = usage { _ in }
    for _ in 0..<3 { #expect(usage.tryAcquire(.blockingQueries, free: 4)) }
    #expect(!usage.tryAcquire(.blockingQueries, free: 2))
    #expect(!usage.tryAcquire(.blockingQueries, free: 3))
    #expect(usage.tryAcquire(.blockingQueries, free: 4))
    // The first one is a matter of turns.
    let other = self.usage { _ in }
    #expect(other.tryAcquire(.upstreamRequests, free: 0))
    #expect(!other.tryAcquire(.upstreamRequests, free: 0))
    #expect(other.tryAcquire(.changes, free: 1))
    #expect(!other.tryAcquire(.changes, free: 1))
  }

  @Test func `so subjects that want all come to equal parts, and one part stays for the next`() {
    let all = 120
    let usages = (0..<3).map { _ in usage { $0.upstream.connections = 1_000 } }
    func free() -> Int { all - usages.reduce(0) { $0 + $1.count(of: .changes) } }
    for _ in 0..<all {
      for usage in usages { _ = usage.tryAcquire(.changes, free: free()) }
    }
    #expect(usages.map { $0.count(of: .changes) } == [30, 30, 30])
    let newcomer = usage { $0.upstream.connections = 1_000 }
    for _ in 0..<15 { #expect(newcomer.tryAcquire(.changes, free: free() - newcomer.count(of: .changes))) }
  }

  @Test func `changes and blocking queries leave connections to reads`() {
    var limits = GateLimits()
    limits.upstream.connections = 20
    let budget = UpstreamBudget(limits: limits.upstream)
    for _ in 0..<15 { #expect(budget.acquireBlocking()) }
    #expect(!budget.acquireBlocking())
    for _ in 0..<3 { #expect(budget.acquireChange()) }
    #expect(!budget.acquireChange())
    budget.releaseBlocking()
    #expect(budget.acquireChange())
    #expect(!budget.acquireBlocking())
    for _ in 0..<20 { #expect(budget.acquireConnection()) }
  }
}
