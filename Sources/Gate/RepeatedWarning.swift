// A warning that would be repeated without end, said now and then with its number.

internal import Logging
internal import Sockets

/// One line in each `GateLimits.warningInterval` at most; what comes between is counted.
struct RepeatedWarning {
  private var count = 0
  private var nextAt = Deadline(nanoseconds: 0)

  /// The number to say, this one included, or nil if it is too soon to say anything.
  mutating func report(at now: Deadline) -> Int? {
    count += 1
    guard now >= nextAt else { return nil }
    nextAt = now.advanced(by: GateLimits.warningInterval)
    defer { count = 0 }
    return count
  }
}
