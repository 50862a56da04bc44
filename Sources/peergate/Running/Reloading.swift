// A gate that runs reads its files again: when a signal says so, or a watch.

import ArgumentParser
import Gate
import Logging
import Policy
import Sockets

struct Reloading {
  private let gate: Gate
  private let config: String
  private let logger: Logger
  private var files: WatchedFiles
  private var watch: FileWatch<WatchedFiles.Stamps>
  private var reminders: RevocationReminders
  /// The last refusal that was told of, and when.
  private var told: (fault: Loaded.Fault, at: ContinuousClock.Instant)?

  init(_ gate: Gate, of config: String, _ loaded: Loaded, _ logger: Logger) {
    self.gate = gate
    self.config = config
    self.logger = logger
    files = loaded.files
    watch = FileWatch(loaded.stamps, every: loaded.files.interval)
    reminders = RevocationReminders(loaded.settings, at: Int(WallClock.seconds))
  }

  /// Returns when a signal says so.
  mutating func waitForStop() {
    while true {
      let pauses = [watch.pause(), reminders.pause(at: Int(WallClock.seconds))]
      switch Signals.next(within: pauses.compactMap { $0 }.min()) {
      case .stop:
        logger.notice("stopping: running requests are finished, new ones refused")
        return
      case .reopen: gate.reopenAudit()
      case .reload: reload(by: .signal)
      case .none:
        let files = files
        if watch.look({ files.stamps }) { reload(by: .watch) }
        remind()
      }
    }
  }

  private mutating func remind() {
    for reminder in reminders.due(at: Int(WallClock.seconds)) {
      logger.log(level: reminder.isUrgent ? .error : .warning, "\(reminder.text)")
    }
  }

  /// All files valid, or everything stays as it was and the operator is told where and why.
  private mutating func reload(by cause: ReloadCause) {
    do throws(Loaded.Fault) {
      let loaded = try Loaded.read(config)
      told = nil
      Serve.complain(of: loaded.warnings, quoting: Terminal.hasReader)
      let late = gate.adopt(loaded.settings, policies: loaded.policies, by: cause)
      logger.notice(
        "reloaded",
        metadata: ["policy_digest": "\(loaded.policies.set.digest)", "counters": "\(gate.counters.snapshot)"])
      if !late.isEmpty {
        logger.warning(
          "these settings change at the next start", metadata: ["settings": "\(late.joined(separator: ", "))"]
        )
      }
      // What was read named other files, perhaps, or another interval.
      files = loaded.files
      watch = FileWatch(loaded.stamps, every: files.interval)
      reminders = RevocationReminders(loaded.settings, at: Int(WallClock.seconds))
    } catch {
      watch.refuse()
      tell(of: error, by: cause)
    }
  }

  /// A watch tries again and again, and the same reason is no news; a signal gets its answer.
  private mutating func tell(of fault: Loaded.Fault, by cause: ReloadCause) {
    let now = ContinuousClock.now
    if cause == .watch, let told, told.fault == fault, now - told.at < GateLimits.refusedReloadReminder {
      return
    }
    told = (fault, now)
    _ = Serve.rejected(fault, quoting: Terminal.hasReader)
    gate.noteRefusedReload(
      "the configuration, a file it names or the policies are not valid; see the operator's log", by: cause)
    logger.error("nothing was reloaded: what was in force stays in force")
  }
}
