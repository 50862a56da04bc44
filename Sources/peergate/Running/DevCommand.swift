// peergate dev: the whole thing on one machine, with nothing else installed.

import ArgumentParser
import Audit
import Consul
import EmbeddedConsul
import Gate
import Glibc
import Logging
import Policy
import Sockets
import TLS

struct Dev: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run gate and Consul together, for trying out.",
    discussion: """
      Forges a CA and a server key into certs/dev, loads the policies, starts two embedded datacenters that peer \
      with each other, and a gate in front of each: dc1 at the port, dc2 a thousand higher. Prints what to paste, \
      and then one line for each decision.

      Policies are read again when their files change. SIGUSR1 stops dc2, and starts it again: watch its peering at \
      dc1 turn FAILING after the heartbeat timeout, and ACTIVE later.

      With --upstream the gate stands in front of that Consul instead, for example http://127.0.0.1:8500.
      """)

  @Option(help: "Where the gate of dc1 listens on 127.0.0.1; its embedded Consul is one below.")
  var port: UInt16 = 8501

  @Option(help: "A Consul that runs elsewhere: http://host:port, https://host:port or unix:///path.")
  var upstream: String?

  @Option(help: "Seconds without a heartbeat after which a peering is FAILING.")
  var heartbeatTimeout: UInt16 = 120

  @Option(help: "The folder of the policy files.")
  var policies = "policies"

  @Option(help: "The folder that keeps the forged certificates between runs.")
  var certs = "certs/dev"

  @Option(help: "The folder for the audit logs.")
  var state = ".peergate"

  func validate() throws {
    guard (2...64_535).contains(port) else { throw ValidationError("--port must be from 2 to 64535") }
    guard heartbeatTimeout > 0 else { throw ValidationError("--heartbeat-timeout must be at least 1") }
  }

  func run() throws {
    Signals.block()
    let files = WatchedFiles(policies: policies, every: .seconds(1))
    let watch = FileWatch(files.stamps, every: files.interval)
    let policySet: PoliciesInForce
    do throws(Loaded.Fault) { policySet = try loadPolicies() } catch {
      throw Self.rejected(error, quoting: false)
    }
    let certificates = try prepareCertificates()
    guard unsafe mkdir(state, 0o700) == 0 || errno == EEXIST else {
      throw Self.fail("\(state): cannot be made: \(systemMessage(errno))")
    }
    let log = try Self.startLog(level: .warning)
    defer { log.finish() }
    let key = try prepareAuditKey()
    let console = Console()
    let consul = try upstream == nil ? startConsul(certificates) : nil
    var gates = [try startGate("dc1", at: port, certificates, policySet, key, console)]
    if consul != nil {
      gates.append(try startGate("dc2", at: port + 1_000, certificates, policySet, key, console))
    }

    Terminal.say(Greeting(port: port, certificates: certificates, hasTwo: consul != nil, state: state).text)
    waitForStop(gates, consul, files, watch)
    Signals.unblockStop()
    // Waiting queries end with the gate that they wait behind; Consul goes last.
    for (gate, _) in gates { gate.stop() }
    consul?.server.stop()
    console.stop()
  }

  private func waitForStop(
    _ gates: [(gate: Gate, settings: Settings)], _ consul: Demonstration?, _ files: WatchedFiles,
    _ watch: consuming FileWatch<WatchedFiles.Stamps>
  ) {
    var told: Loaded.Fault?
    while true {
      switch Signals.next(within: watch.pause()) {
      case .stop: return
      case .reopen:
        consul?.toggleSecond()
        continue
      case .reload: break
      case .none: if !watch.look({ files.stamps }) { continue }
      }
      let stamps = files.stamps
      do throws(Loaded.Fault) {
        let changed = try loadPolicies()
        for (gate, settings) in gates { _ = gate.adopt(settings, policies: changed, by: .watch) }
        watch = FileWatch(stamps, every: files.interval)
        told = nil
        Terminal.say("policies were read again")
      } catch {
        watch.refuse()
        if told != error { _ = Self.rejected(error, quoting: false) }
        told = error
      }
    }
  }

  private func loadPolicies() throws(Loaded.Fault) -> PoliciesInForce {
    do throws(PolicyErrors) {
      return PoliciesInForce(try PolicyFolder.load(policies, now: .now))
    } catch {
      throw Loaded.Fault(error, "the policies in \(policies)")
    }
  }

  private func prepareCertificates() throws -> DevelopmentCertificates {
    do throws(TLSError) {
      return try DevelopmentCertificates.prepare(
        in: certs, names: [.dns("localhost"), .ip("127.0.0.1"), .ip("::1")])
    } catch {
      throw Self.fail(error.reason)
    }
  }

  /// One for both gates, kept between runs: a token that is generated at one and spent at the other has one digest.
  private func prepareAuditKey() throws -> AuditKey {
    let path = state + "/audit.key"
    do throws(AuditKeyFile.Fault) {
      if unsafe access(path, F_OK) != 0 { try AuditKeyFile.make(path) }
      return try AuditKeyFile.read(path)
    } catch {
      throw Self.fail("\(error)")
    }
  }

  private func startConsul(_ certificates: DevelopmentCertificates) throws -> Demonstration {
    let ports = [port - 1, port + 999]
    do {
      return try Demonstration(
        ports: ports, authorityFile: certificates.authorityFile,
        heartbeatTimeout: .seconds(Int(heartbeatTimeout)))
    } catch let error as SocketError where error.isAddressInUse {
      throw Self.fail(
        "the embedded Consul needs the ports \(ports[0]) and \(ports[1]) on 127.0.0.1, and one of them is in use; "
          + "stop what holds it, or choose another --port")
    }
  }

  private func startGate(
    _ name: String, at port: UInt16, _ certificates: DevelopmentCertificates, _ policySet: PoliciesInForce,
    _ key: AuditKey, _ console: Console
  ) throws -> (gate: Gate, settings: Settings) {
    do {
      let tls = try ServerSettings.load(
        certificateFile: certificates.certificateFile, keyFile: certificates.keyFile)
      var audit = JournalSettings(path: "\(state)/\(name)-audit.jsonl")
      audit.key = key
      audit.tokenDigestKey = key.tokenDigestKey
      let settings = Settings(
        listener: .tcp(host: "127.0.0.1", port: port), tls: tls, upstream: try upstreamSettings(port - 1),
        policies: policies, audit: audit)
      let gate = try Gate(settings, policies: policySet, logger: Logger(label: name)) { report in
        console.show(report, gate: name)
      }
      return (gate, settings)
    } catch let error as GateError {
      throw Self.fail("\(error)")
    } catch let error as TLSError {
      throw Self.fail(error.reason)
    }
  }

  private func upstreamSettings(_ port: UInt16) throws -> UpstreamSettings {
    guard let upstream else { return UpstreamSettings(endpoint: .tcp(host: "127.0.0.1", port: port)) }
    switch UpstreamSettings.parse(upstream) {
    case .failure(let fault): throw Self.fail("--upstream \(upstream): \(fault.sentence)")
    case .success(let (scheme, endpoint)):
      guard scheme == .https, case .tcp(let host, _) = endpoint else {
        return UpstreamSettings(endpoint: endpoint)
      }
      guard let name = ServerName(host) else {
        throw Self.fail("--upstream \(upstream): the host is no name that a certificate can prove")
      }
      return UpstreamSettings(endpoint: endpoint, tls: try ClientSettings(serverName: name, trust: .system))
    }
  }
}
