// Everything that must not outlive this program: processes and the scratch folder, also when it is interrupted.

import Glibc
import Sockets
import Synchronization

enum Children {
  private struct Estate {
    var processes: Set<pid_t> = []
    var folders: [String] = []
  }

  private static let estate = Mutex(Estate())

  static func enter(_ id: pid_t) { estate.withLock { _ = $0.processes.insert(id) } }
  static func leave(_ id: pid_t) { estate.withLock { _ = $0.processes.remove(id) } }
  static func forget(folder: String) { estate.withLock { $0.folders.append(folder) } }

  static func end() {
    estate.withLock { estate in
      for id in estate.processes { kill(-id, SIGKILL) }
      estate.processes.removeAll()
      for folder in estate.folders { ScratchFolder.remove(folder) }
      estate.folders.removeAll()
    }
  }

  /// From here on SIGINT and SIGTERM end the children first. Call it before any other thread is started.
  static func endOnSignal() {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for number in [SIGINT, SIGTERM, SIGHUP] { unsafe sigaddset(&signals, number) }
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    Thread.start(named: "signals") { [signals] in
      var signals = signals
      var number: Int32 = 0
      while unsafe sigwait(&signals, &number) != 0 {}
      Children.end()
      _exit(128 + number)
    }
  }
}
