// A server or a load generator: started on cores of its own, with its output in a file or a pipe, and never left behind.

import Glibc

final class ChildProcess {
  let id: pid_t
  let logPath: String
  private let name: String
  private var status: Int32?

  /// Starts `command` by way of `benchmarks pinned`, which see. Errors go to `log`, and what it prints to `output`, or
  /// to the log as well.
  init(_ name: String, _ command: [String], cores: Cores, log: String, output: String? = nil) throws {
    self.name = name
    logPath = log
    let wrapped =
      [try Self.ownPath, "pinned", "--mask", "\(cores.mask)", "--parent", "\(getpid())", "--"] + command
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, 2, log, O_WRONLY | O_CREAT | O_APPEND, 0o644)
    if let output {
      unsafe posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o644)
    } else {
      unsafe posix_spawn_file_actions_adddup2(&actions, 2, 1)
    }
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    // Its own process group, so that one signal reaches whatever it starts; and no signal blocked.
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP))
    var words = unsafe wrapped.map { unsafe strdup($0) } + [nil]
    defer { unsafe words.forEach { unsafe free($0) } }
    var settings: [UnsafeMutablePointer<CChar>?] = unsafe []
    for name in ["PATH", "HOME", "TMPDIR"] {
      if let value = unsafe getenv(name) {
        unsafe settings.append(strdup("\(name)=\(String(cString: value))"))
      }
    }
    unsafe settings.append(nil)
    defer { unsafe settings.forEach { unsafe free($0) } }
    var id: pid_t = 0
    let code = unsafe posix_spawn(&id, wrapped[0], &actions, &attributes, &words, &settings)
    guard code == 0 else { throw Trouble("\(name) cannot be started: \(Files.systemMessage(code))") }
    self.id = id
    Children.enter(id)
  }

  deinit { stop() }

  var tree: ProcessTree { ProcessTree(root: id) }

  /// The exit status, or nil while it runs. A signal's number counts from 128, as in a shell.
  func exitStatus(waiting: Bool = false) -> Int32? {
    if status == nil {
      var word: Int32 = 0
      let ended = unsafe waitpid(id, &word, waiting ? 0 : WNOHANG)
      if ended == id || ended < 0 { status = word & 0x7f == 0 ? word >> 8 & 0xff : 128 + word & 0x7f }
    }
    return status
  }

  /// Returns when somebody accepts connections at `port`.
  func awaitPort(_ port: UInt16, seconds: Double = 20) throws {
    let end = Moment.now + seconds
    while Moment.now < end {
      if let status = exitStatus() {
        throw Trouble("\(name) ended at its start (status \(status)): \(lastWords)")
      }
      if Ports.accepts(port) { return }
      Moment.pause(milliseconds: 5)
    }
    throw Trouble("\(name) did not listen at port \(port) within \(Int(seconds)) s: \(lastWords)")
  }

  var lastWords: String {
    let lines = (Files.text(logPath) ?? "").split(separator: "\n").suffix(6)
    return lines.isEmpty ? "it said nothing" : lines.joined(separator: "\n  ")
  }

  /// Asks it to end, then ends it, with everything it started.
  func stop(patience: Double = 2) {
    kill(-id, SIGTERM)
    let end = Moment.now + patience
    while exitStatus() == nil, Moment.now < end { Moment.pause(milliseconds: 5) }
    kill(-id, SIGKILL)
    _ = exitStatus(waiting: true)
    Children.leave(id)
  }

  static var ownPath: String {
    get throws {
      guard let name = unsafe realpath("/proc/self/exe", nil) else {
        throw Trouble("this program's own file cannot be found: \(Files.systemMessage())")
      }
      defer { unsafe free(name) }
      return unsafe String(cString: name)
    }
  }
}
