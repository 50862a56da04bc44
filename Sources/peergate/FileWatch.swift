// Whether files have changed that the gate has read, and when to look next.

import Bytes
import Gate
import TLS

/// Policies and credentials, each with an interval of its own; without one only SIGHUP has them read again. What a look
/// finds is remembered before the files are read, so that a change meanwhile is found by the next.
struct FileWatch {
  private var policies: Watched<PolicyWatch>
  private var credentials: Watched<CredentialWatch>

  private struct Watched<Watch> {
    var watch: Watch
    var interval: Duration?
    var due: ContinuousClock.Instant?

    init(_ watch: Watch, every interval: Duration?) {
      self.watch = watch
      self.interval = interval
      due = interval.map { .now + $0 }
    }

    /// Whether it is time to look, which is once for each interval.
    mutating func isDue() -> Bool {
      guard let due, due <= .now else { return false }
      self.due = interval.map { .now + $0 }
      return true
    }
  }

  init(_ settings: Settings) {
    policies = Watched(PolicyWatch(Self.folders(settings)), every: settings.watchInterval)
    credentials = Watched(
      CredentialWatch(settings.credentialFiles), every: settings.credentialWatchInterval)
  }

  /// Until the next look; nil is for ever.
  var pause: Duration? {
    [policies.due, credentials.due].compactMap { $0 }.min().map { max(.zero, $0 - .now) }
  }

  /// Looks at what is due.
  mutating func hasChanged() -> Bool {
    let policies = policies.isDue() && policies.watch.hasChanged()
    let credentials = credentials.isDue() && credentials.watch.hasChanged()
    return policies || credentials
  }

  /// Everything is about to be read, whether it has changed or not.
  mutating func look() {
    _ = policies.watch.hasChanged()
    _ = credentials.watch.hasChanged()
  }

  /// What was read named other files, perhaps, or other intervals.
  mutating func follow(_ settings: Settings) {
    if policies.interval != settings.watchInterval || !policies.watch.isOf(Self.folders(settings)) {
      policies = Watched(PolicyWatch(Self.folders(settings)), every: settings.watchInterval)
    }
    if credentials.interval != settings.credentialWatchInterval
      || !credentials.watch.isOf(settings.credentialFiles)
    {
      credentials = Watched(
        CredentialWatch(settings.credentialFiles), every: settings.credentialWatchInterval)
    }
  }

  private static func folders(_ settings: Settings) -> [String] {
    [settings.policies, settings.shadowPolicies].compactMap { $0 }
  }
}

/// Certificates, keys, authorities and CRLs.
struct CredentialWatch {
  private let files: [String]
  private var stamps: [CredentialStamp?]

  init(_ files: [String]) {
    self.files = files
    stamps = files.map { CredentialStamp(of: $0) }
  }

  func isOf(_ files: [String]) -> Bool { self.files.map { ByteString($0) } == files.map { ByteString($0) } }

  /// A file that is gone counts as changed once, so that its loader says so.
  mutating func hasChanged() -> Bool {
    let found = files.map { CredentialStamp(of: $0) }
    defer { stamps = found }
    return found != stamps
  }
}
