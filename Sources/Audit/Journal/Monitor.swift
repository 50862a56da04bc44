// A value behind a lock, and threads that wait for it to become something.
import CLinux
import Glibc

/// A mutex and a condition variable around one value.
///
/// `Synchronization.Mutex` cannot be waited on; an eventfd could, at two system calls a hand-over where
/// the condition variable needs one, and none at all while the journal's thread is busy.
@safe final class Monitor<State: Sendable>: @unchecked Sendable {
  // On the heap and never moved: the C library keeps addresses of both. Touched by no other file.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>
  private var state: State

  init(_ state: State) {
    self.state = state
    unsafe mutex = .allocate(capacity: 1)
    unsafe condition = .allocate(capacity: 1)
    unsafe pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    unsafe pthread_condattr_init(&attributes)
    // Deadlines must not move when the operator sets the clock.
    unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    unsafe pthread_cond_init(condition, &attributes)
    unsafe pthread_condattr_destroy(&attributes)
  }

  deinit {
    unsafe pthread_cond_destroy(condition)
    unsafe pthread_mutex_destroy(mutex)
    unsafe condition.deallocate()
    unsafe mutex.deallocate()
  }

  func withLock<Result, Failure: Error>(
    _ body: (inout State) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return try body(&state)
  }

  /// Wakes every waiting thread to look again. Called after the lock was left: a thread woken inside it
  /// would go straight back to sleep.
  func wake() {
    unsafe pthread_cond_broadcast(condition)
  }

  /// Sleeps until `look` has a result. `look` runs under the lock, first at once and then after every
  /// wake-up, so that no change made under the lock can be missed. Nil when the deadline came first.
  func wait<Result>(
    until deadline: MonotonicTime?, _ look: (inout State) -> Result?
  ) -> Result? {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while true {
      if let answer = look(&state) { return answer }
      guard let deadline else {
        unsafe pthread_cond_wait(condition, mutex)
        continue
      }
      var time = deadline.timespec
      if unsafe pthread_cond_timedwait(condition, mutex, &time) == ETIMEDOUT { return look(&state) }
    }
  }
}

/// An instant of the clock that only goes forward, for deadlines inside this layer.
struct MonotonicTime: Comparable, Sendable {
  let nanoseconds: Int64

  static func now() -> MonotonicTime {
    var time = Glibc.timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return MonotonicTime(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
  }

  func advanced(byMilliseconds milliseconds: Int64) -> MonotonicTime {
    MonotonicTime(nanoseconds: nanoseconds + milliseconds * 1_000_000)
  }

  static func < (left: MonotonicTime, right: MonotonicTime) -> Bool { left.nanoseconds < right.nanoseconds }

  fileprivate var timespec: timespec {
    Glibc.timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
  }
}
