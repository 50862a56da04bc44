// Processor time of a piece of work in this process.

import Glibc

/// Time of this process on its processor, so that other programs count as little as possible.
enum Stopwatch {
  /// Nanoseconds of one call: the best of several rounds, since noise only ever adds.
  static func best(of rounds: Int, times: Int = 1, _ work: () -> Void) -> Int {
    (0..<rounds).map { _ in
      let start = now()
      for _ in 0..<times { work() }
      return (now() - start) / times
    }.min() ?? 0
  }

  private static func now() -> Int {
    var time = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return time.tv_sec * 1_000_000_000 + time.tv_nsec
  }
}
