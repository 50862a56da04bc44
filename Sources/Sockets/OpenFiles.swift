// How many descriptors the process may have open, and how many it has.

internal import Glibc

/// The process's own limit, `RLIMIT_NOFILE` (getrlimit(2)).
package enum OpenFiles {
  /// Raises the soft limit to the hard one, which needs no privilege, and returns what holds then.
  package static func raiseLimit() -> Int {
    var limit = rlimit()
    guard unsafe getrlimit(resource, &limit) == 0 else { return SocketLimits.assumedOpenFiles }
    if limit.rlim_cur < limit.rlim_max {
      var raised = rlimit(rlim_cur: limit.rlim_max, rlim_max: limit.rlim_max)
      if unsafe setrlimit(resource, &raised) == 0 { limit = raised }
    }
    return Int(clamping: limit.rlim_cur)
  }

  /// About how many are open: the kernel gives a new one the lowest number that is free.
  package static var count: Int {
    let lowest = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0)
    guard lowest >= 0 else { return 0 }
    close(lowest)
    return Int(lowest)
  }

  private static var resource: __rlimit_resource_t { __rlimit_resource_t(RLIMIT_NOFILE.rawValue) }
}
