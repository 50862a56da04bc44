// peergate serve: the gate in front of a real Consul.

import ArgumentParser
import Gate
import HCL
import Logging
import Policy
import Sockets
import TLS

struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run the gate in front of a Consul.",
    discussion: """
      A configuration that works, with every block it needs:

        listener {
          address = "0.0.0.0:8501"
          tls { cert_file = "server.pem"  key_file = "server.key" }
        }
        upstream { address = "http://127.0.0.1:8500" }
        policies = "policies"
        audit { path = "/var/log/peergate/audit.jsonl" }

      Relative paths are relative to the configuration's own folder. SIGTERM and SIGINT finish what is running and \
      stop; SIGHUP reads configuration, certificates, CRLs, token and \
      policies again.
      """)

  @Option(help: "The configuration file.")
  var config: String

  @Flag(help: "Validate the configuration, every file it names and the policies, and exit.")
  var check = false

  func run() throws {
    // For a terminal the line in question is shown; a log must not quote files that may hold a secret by mistake.
    let loaded = try Self.load(config, quoting: check || Terminal.hasReader)
    if check {
      print("TLS groups, by preference: \(KeyExchangeGroup.list)")
      print("\(config): valid")
      return
    }
    Signals.block()
    let log = try Self.startLog(level: .info)
    defer { log.finish() }
    let logger = Logger(label: "peergate") { log.handler(label: $0, level: .info, thins: false) }
    let gate: Gate
    do {
      gate = try Gate(loaded.settings, policies: loaded.policies, logger: Logger(label: "peergate"))
    } catch {
      throw Self.fail("\(error)")
    }
    logger.notice(
      "serving",
      metadata: [
        "address": "\(gate.address)", "upstream": "\(loaded.settings.upstream.endpoint)",
        "workers": "\(loaded.settings.workers)", "version": "\(Version.text)",
      ])
    waitForStop(gate, loaded.settings, logger)
    Signals.unblockStop()
    gate.stop()
    logger.notice("stopped")
  }

  private func waitForStop(_ gate: Gate, _ settings: Settings, _ logger: Logger) {
    var watch = FileWatch(settings)
    while true {
      switch Signals.next(within: watch.pause) {
      case .stop:
        logger.notice("stopping: running requests are finished, new ones refused")
        return
      case .reopen: gate.reopenAudit()
      case .reload:
        watch.look()
        if let settings = reload(gate, logger, by: .signal) { watch.follow(settings) }
      case .none:
        if watch.hasChanged(), let settings = reload(gate, logger, by: .watch) { watch.follow(settings) }
      }
    }
  }

  /// All files valid, or everything stays as it was and the operator is told where and why.
  private func reload(_ gate: Gate, _ logger: Logger, by cause: ReloadCause) -> Settings? {
    do {
      let loaded = try Self.load(config, quoting: Terminal.hasReader)
      let late = gate.adopt(loaded.settings, policies: loaded.policies, by: cause)
      logger.notice(
        "reloaded",
        metadata: ["policy_digest": "\(loaded.policies.set.digest)", "counters": "\(gate.counters.snapshot)"])
      if !late.isEmpty {
        logger.warning(
          "these settings change at the next start", metadata: ["settings": "\(late.joined(separator: ", "))"]
        )
      }
      return loaded.settings
    } catch {
      gate.noteRefusedReload(
        "the configuration, a file it names or the policies are not valid; see the operator's log",
        by: cause)
      logger.error("nothing was reloaded: what was in force stays in force")
      return nil
    }
  }

  struct Loaded {
    let settings: Settings
    let policies: PoliciesInForce
  }

  /// Everything that can be wrong before a socket is opened, told in one go.
  static func load(_ path: String, quoting: Bool) throws -> Loaded {
    let settings: Settings
    do throws(SettingsError) {
      let loaded = try SettingsFile.load(path)
      settings = loaded.settings
      complain(of: loaded.warnings, quoting: quoting)
    } catch {
      complain(of: error.diagnostics, quoting: quoting)
      throw fail("\(path) is not a valid configuration")
    }
    do throws(PolicyErrors) {
      let policies = try PolicyFolder.load(settings.policies, now: .now)
      complain(of: policies.warnings, quoting: quoting)
      let candidate = try settings.shadowPolicies.map { path throws(PolicyErrors) in
        try PolicyFolder.load(path, now: .now)
      }
      return Loaded(settings: settings, policies: PoliciesInForce(policies, candidate: candidate))
    } catch {
      throw rejected(error, "the policies", quoting: quoting)
    }
  }
}

extension Timestamp {
  static var now: Timestamp { Timestamp(seconds: WallClock.seconds) }
}
