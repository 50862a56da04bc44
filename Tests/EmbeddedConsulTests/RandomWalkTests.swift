// Thousands of random sequences: generate, establish, delete, cut, stop, restart, wait.

import Bytes
import Foundation
import Testing

@testable import EmbeddedConsul

@Suite struct RandomWalkTests {
  /// More with `PEERGATE_WALKS`; a failing seed is named with its steps.
  private static let walks =
    ProcessInfo.processInfo.environment["PEERGATE_WALKS"].flatMap { UInt64($0) } ?? 2_000

  @Test(arguments: 0..<UInt64(4))
  func `no sequence of operations leads where Consul could not be`(quarter: UInt64) {
    for seed in stride(from: 1 + quarter, through: RandomWalkTests.walks, by: 4) {
      var walk = RandomWalk(seed: seed)
      for _ in 0..<25 where walk.violations.isEmpty { walk.step() }
      if walk.violations.isEmpty { walk.settle() }
      if let violation = walk.violations.first {
        Issue.record("seed \(seed): \(violation) after\n\(walk.trace.joined(separator: "\n"))")
        return
      }
    }
  }
}
