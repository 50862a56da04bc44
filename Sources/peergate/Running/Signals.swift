// Signals as the main thread reads them, one after the other.

import Glibc

/// A process that holds connections must not be interrupted anywhere: the signals are blocked in every thread and
/// waited for in one.
enum Signals {
  enum Kind {
    case stop, reload, reopen
    /// No signal came in time.
    case none
  }

  /// Call it before any other thread is started, so that they all inherit the mask.
  static func block() {
    var set = handled()
    unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    // A client that leaves while we write is an error of that write, not the end of the process.
    signal(SIGPIPE, SIG_IGN)
  }

  /// While everything is read that a reload reads: what comes meanwhile waits, for `next`. Stopping needs no waiting.
  static func blockReload() {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    unsafe sigaddset(&set, SIGHUP)
    unsafe sigaddset(&set, SIGUSR1)
    unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  /// Blocks until the next signal, at most for `time`.
  static func next(within time: Duration? = nil) -> Kind {
    var set = handled()
    var number: Int32 = 0
    if let time {
      let (seconds, attoseconds) = time.components
      var limit = timespec(tv_sec: Int(seconds), tv_nsec: Int(attoseconds / 1_000_000_000))
      number = unsafe sigtimedwait(&set, nil, &limit)
    } else {
      while unsafe sigwait(&set, &number) != 0 {}
    }
    switch number {
    case SIGHUP: return .reload
    case SIGUSR1: return .reopen
    case SIGTERM, SIGINT: return .stop
    default: return .none
    }
  }

  /// From now on SIGTERM and SIGINT end the process at once. Before `block`, and when a first one has been taken: an
  /// impatient operator sends a second.
  static func unblockStop() {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    unsafe sigaddset(&set, SIGTERM)
    unsafe sigaddset(&set, SIGINT)
    unsafe pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  private static func handled() -> sigset_t {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for number in [SIGTERM, SIGINT, SIGHUP, SIGUSR1] { unsafe sigaddset(&set, number) }
    return set
  }
}
