// How many threads can run at once.

internal import Glibc

enum Processors {
  /// Those this process may run on are what counts, and the C library's count respects a container's set.
  static var online: Int { max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))) }
}
