// The files of which a gate notices that they have changed.

internal import Policy
internal import TLS

package struct WatchedFiles: Sendable {
  private let folders: [String]
  private let credentials: [String]
  package let interval: Duration?

  /// Equal as long as nobody touched them.
  package struct Stamps: Sendable, Equatable {
    private let folders: [FolderStamp?]
    private let credentials: [CredentialStamp?]

    fileprivate init(_ folders: [FolderStamp?], _ credentials: [CredentialStamp?]) {
      self.folders = folders
      self.credentials = credentials
    }
  }

  /// Policies and credentials, those for which there is an interval; the shorter is for both.
  package init(_ settings: Settings) {
    folders =
      settings.watchInterval == nil ? [] : [settings.policies, settings.shadowPolicies].compactMap { $0 }
    credentials = settings.credentialWatchInterval == nil ? [] : settings.credentialStamps.map(\.file)
    interval = [settings.watchInterval, settings.credentialWatchInterval].compactMap { $0 }.min()
  }

  package init(policies: String, every interval: Duration) {
    folders = [policies]
    credentials = []
    self.interval = interval
  }

  /// As they are now. What cannot be read has no stamp; that is another than any.
  package var stamps: Stamps {
    Stamps(folders.map { try? PolicyFolder.stamp($0) }, credentials.map { CredentialStamp(of: $0) })
  }

  /// As they are now, but certificates, keys, authorities and CRLs as they were before `settings` were read.
  package func stamps(before settings: Settings) -> Stamps {
    Stamps(
      folders.map { try? PolicyFolder.stamp($0) },
      credentials.isEmpty ? [] : settings.credentialStamps.map(\.stamp))
  }
}
