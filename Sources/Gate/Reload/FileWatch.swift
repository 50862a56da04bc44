// When files that the gate has read have changed, and may be read again.

/// Pure: anyone who holds it looks at the files, and says when. What is in force is known by stamps that were taken before
/// it was read, so that a change meanwhile is found by the next look.
package struct FileWatch<Stamps: Equatable> {
  private let interval: Duration?
  private let inForce: Stamps
  private var lastLook: Stamps
  /// When a look first saw something else than the one before, since nothing was read.
  private var restlessSince: ContinuousClock.Instant?
  /// When one did so last.
  private var changedAt: ContinuousClock.Instant?
  private var isRefused = false
  private var due: ContinuousClock.Instant?

  /// - Parameter interval: nil is never: only SIGHUP has the files read again.
  package init(_ inForce: Stamps, every interval: Duration?, from now: ContinuousClock.Instant = .now) {
    self.interval = interval
    self.inForce = inForce
    lastLook = inForce
    due = interval.map { now + $0 }
  }

  /// Until the next look; nil is for ever.
  package func pause(at now: ContinuousClock.Instant = .now) -> Duration? {
    due.map { max(.zero, $0 - now) }
  }

  /// Looks, if it is time to. True if the files are to be read: they have changed, and are at rest, since a file that
  /// is being written may be valid when half of it is there, and say something else. What was refused is read at each
  /// look, for the reason may have gone without any file's changing: time, or something that is not watched.
  package mutating func look(
    _ files: () -> Stamps, at now: ContinuousClock.Instant = .now
  ) -> Bool {
    guard let interval, let due, due <= now else { return false }
    let found = files()
    if found != lastLook {
      lastLook = found
      changedAt = now
      restlessSince = restlessSince ?? now
    }
    let rest = min(max(interval, GateLimits.leastRest), GateLimits.longestRest)
    // Somebody who never stops writing must not keep a revocation out for ever.
    if let changedAt, let restlessSince, now - changedAt < rest,
      now - restlessSince < GateLimits.restPatience
    {
      self.due = now + min(interval, rest - (now - changedAt))
      return false
    }
    changedAt = nil
    restlessSince = nil
    self.due = now + interval
    return isRefused || found != inForce
  }

  /// What was read is not valid.
  package mutating func refuse(at now: ContinuousClock.Instant = .now) {
    isRefused = true
    due = interval.map { now + max($0, GateLimits.refusedReloadPause) }
  }
}
