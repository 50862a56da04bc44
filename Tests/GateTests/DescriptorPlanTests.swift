// How few descriptors are shared out.

import Testing

@testable import Consul
@testable import Gate

@Suite struct DescriptorPlanTests {
  private func plan(limit: Int) -> DescriptorPlan {
    var limits = GateLimits()
    limits.connections = 1_000
    limits.upstream.connections = 180
    return DescriptorPlan(limits: limits, limit: limit, open: 20)
  }

  /// 1,000 + 180 + 20 + 16.
  @Test(arguments: [(1_215, 999, true), (1_216, 1_000, false), (1_217, 1_000, false)])
  func `there is a warning when one is missing, and none when all are there`(
    limit: Int, clients: Int, warns: Bool
  ) {
    let plan = plan(limit: limit)
    #expect(plan.clients == clients)
    #expect((plan.warning != nil) == warns)
    if warns { #expect(plan.warning?.contains("1215 files, and 1216 are wanted") == true) }
  }

  @Test(arguments: [0, 36, 37, 40, 100, 300])
  func `however few there are, somebody is served, and Consul gets its half`(limit: Int) {
    let plan = plan(limit: limit)
    #expect(plan.clients >= 1)
    let spare = max(2, limit - 36)
    #expect(spare - plan.clients >= min(180, spare / 2))
  }
}
