// How many records one source of many may cause: a burst, and then one now and then.

internal import Sockets

/// A token bucket. What it refuses is left to a count.
struct RecordAllowance {
  private let burst: Int
  private let interval: Duration
  private var left: Int
  private var refilledAt: Deadline

  /// - Parameters:
  ///   - burst: records at once.
  ///   - interval: after which one more may be written, up to the burst.
  init(burst: Int, interval: Duration, at now: Deadline) {
    self.burst = burst
    self.interval = interval
    left = burst
    refilledAt = now
  }

  /// Takes one record's worth, or returns false if nothing is left.
  mutating func tryAcquire(at now: Deadline) -> Bool {
    refill(at: now)
    guard left > 0 else { return false }
    left -= 1
    return true
  }

  /// Whether it says no more than a new one would.
  mutating func isFull(at now: Deadline) -> Bool {
    refill(at: now)
    return left == burst
  }

  private mutating func refill(at now: Deadline) {
    let intervals = Int(clamping: refilledAt.distance(to: now) / interval.wholeNanoseconds)
    guard intervals > 0 else { return }
    left = min(burst, left + min(intervals, burst))
    refilledAt = now
  }
}
