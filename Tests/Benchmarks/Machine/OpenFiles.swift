// How many descriptors a process may have: ten thousand connections need them on both sides.

import Glibc

enum OpenFiles {
  static let wanted = 60_000

  /// As many as the system allows, up to `wanted`. Inherited by what is started afterwards.
  @discardableResult
  static func raise() -> Int {
    var limit = rlimit()
    unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    let hard = max(limit.rlim_max, rlim_t(wanted))
    // Only a privileged process may raise the hard limit; the soft one may always rise to it.
    for ceiling in [hard, limit.rlim_max] {
      var wish = rlimit(rlim_cur: min(ceiling, rlim_t(wanted)), rlim_max: ceiling)
      if unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &wish) == 0 {
        return Int(wish.rlim_cur)
      }
    }
    return Int(limit.rlim_cur)
  }
}
