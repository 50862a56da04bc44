// peergate serve: the gate in front of a real Consul.

import ArgumentParser
import Consul
import Gate
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
    // From here on a reload waits until there is something to reload; the process would end by it.
    if !check { Signals.blockReload() }
    // For a terminal the line in question is shown; a log must not quote files that may hold a secret by mistake.
    let loaded: Loaded
    do throws(Loaded.Fault) {
      loaded = try Loaded.read(config)
    } catch {
      throw Self.rejected(error, quoting: check || Terminal.hasReader)
    }
    Self.complain(of: loaded.warnings, quoting: check || Terminal.hasReader)
    if check {
      let faults = StartCheck.faults(of: loaded.settings)
      for fault in faults { Self.complain("error: \(fault)") }
      if !faults.isEmpty { throw Self.fail("\(config) is valid, but the gate would not start") }
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
    var reloading = Reloading(gate, of: config, loaded, logger)
    reloading.waitForStop()
    Signals.unblockStop()
    gate.stop()
    logger.notice("stopped")
  }
}

extension Timestamp {
  static var now: Timestamp { Timestamp(seconds: WallClock.seconds) }
}
