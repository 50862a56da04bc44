// Where one task waits for one thing, until it comes or the time is up.

/// Why a parked task goes on.
package enum Wake: Sendable {
  /// What it waited for has come.
  case ready
  /// Its deadline has passed.
  case deadline
  /// Our side wants it to stop waiting: a drain, or the party it worked for has left.
  case interrupted
}

/// A place for at most one task at a time, confined to its loop.
///
/// Waking an empty place does nothing, so a task that parks says what it waits for, and that is looked at once more when
/// nothing can come in between any more. Having tried before the call is not enough: a task that is isolated to no
/// actor of the loop is put back into the loop's queue at every call, and what it waits for can come meanwhile.
@safe package final class Waiter {
  private let loop: EventLoop
  private var waiter: UnsafeContinuation<Wake, Never>?
  private var deadline = Deadline.never
  /// The earliest heap entry that stands for this place, or `.never`.
  private var queued = Deadline.never

  package init(on loop: EventLoop) { self.loop = loop }

  package var isOccupied: Bool { unsafe waiter != nil }

  /// Anyone who parks here from now on is interrupted at once.
  package private(set) var isAbandoned = false

  /// Parks the caller until it is woken or `deadline` has passed. Does not park, and says `ready`, if `hasCome` is
  /// true already; it is called once, on the loop's thread, and must not wait or wake.
  package func park(until deadline: Deadline, unless hasCome: () -> Bool) async -> Wake {
    // Unsafe, because resuming twice or never would be undefined; `wake` takes the continuation out before
    // it resumes it, and a place is only dropped empty (see deinit).
    await unsafe withUnsafeContinuation { continuation in
      guard !isAbandoned else { return unsafe continuation.resume(returning: .interrupted) }
      guard !hasCome() else { return unsafe continuation.resume(returning: .ready) }
      precondition(!isOccupied, "two tasks parked in one place")
      self.deadline = deadline
      if deadline < queued {
        queued = deadline
        loop.schedule(self, at: deadline)
      }
      unsafe waiter = continuation
    }
  }

  package func wake(_ reason: Wake) {
    guard let waiter = unsafe waiter else { return }
    unsafe self.waiter = nil
    deadline = .never
    unsafe waiter.resume(returning: reason)
  }

  /// Interrupts who is parked here, and everybody who would. A wake-up alone is lost on a task that has just been
  /// woken for another reason, and will park again.
  package func abandon() {
    isAbandoned = true
    wake(.interrupted)
  }

  /// A heap entry has come up: wake the task if it is due, else queue what is due later. Only the earliest
  /// entry speaks for this place; a later one of the same place is stale and says nothing.
  func expire(_ entry: Deadline, at now: Deadline) {
    guard isDue(at: entry) else { return }
    queued = .never
    guard isOccupied, deadline != .never else { return }
    if deadline <= now {
      wake(.deadline)
    } else {
      queued = deadline
      loop.schedule(self, at: deadline)
    }
  }

  func isDue(at entry: Deadline) -> Bool { queued == entry }

  /// Nobody will park here any more: no entry of the heap speaks for this place. Without it, the places of connections
  /// that come and go would stay in the heap until their last deadline.
  package func retire() { queued = .never }

  // A task holds the place it is parked in, so this can only fire on a programming error, and then a task
  // would hang for ever without a sign.
  deinit { assert(unsafe waiter == nil, "a parking place was dropped with a task in it") }
}
