// Everything an operator decides, validated together before anything starts.

package import Audit
package import Consul
package import HCL
package import Record
package import Sockets
package import TLS

/// The gate's configuration, with its files read: nothing in it can turn out to be wrong later.
package struct Settings: Sendable {
  package var listener: Endpoint
  package var tls: ServerSettings
  package var upstream: UpstreamSettings
  /// The folder of the policy files.
  package var policies: String
  /// The folder of policies that are evaluated beside those in force and enforce nothing.
  package var shadowPolicies: String?
  /// How often the policy files are looked at for changes; nil: only when SIGHUP says so.
  package var watchInterval: Duration?
  /// The same of the files below.
  package var credentialWatchInterval: Duration?
  /// Certificates, keys, authorities and revocations, on both sides, as they were before they were read.
  package var credentialStamps: [(file: String, stamp: CredentialStamp?)] = []
  /// The configuration itself, the upstream token and the audit keys, as they were read; credentials and policies know
  /// theirs themselves.
  package var files: [LoadedFile] = []
  package var audit: JournalSettings
  package var recording = AuditOptions()
  package var limits = GateLimits()
  /// Threads that serve; each has its own listener, connections and upstream pool.
  package var workers: Int

  package init(
    listener: Endpoint, tls: ServerSettings, upstream: UpstreamSettings, policies: String,
    audit: JournalSettings,
    workers: Int = Settings.defaultWorkers
  ) {
    self.listener = listener
    self.tls = tls
    self.upstream = upstream
    self.policies = policies
    self.audit = audit
    self.workers = workers
  }
}

extension Settings {
  /// What differs from `old` and cannot change while the gate runs.
  func restartNeeded(after old: Settings) -> [String] {
    var names: [String] = []
    if audit.gate != old.audit.gate { names.append("name") }
    if listener != old.listener { names.append("listener.address") }
    if upstream.endpoint != old.upstream.endpoint { names.append("upstream") }
    if audit.sinks != old.audit.sinks || audit.requirement != old.audit.requirement
      || audit.key?.publicKey != old.audit.key?.publicKey
      || audit.tokenDigestKey?.name != old.audit.tokenDigestKey?.name || recording != old.recording
    {
      names.append("audit")
    }
    if limits != old.limits { names.append("limits") }
    if workers != old.workers { names.append("workers") }
    return names
  }
}

/// Everything that is wrong with a configuration, so that one run shows it all.
package struct SettingsError: Error, CustomStringConvertible {
  package let diagnostics: [Diagnostic]
  /// How many were found beyond those.
  package var unreported = 0

  package var description: String { diagnostics.map(\.rendered).joined(separator: "\n") }
}
