// What serve runs on: the configuration, the files it names and the policies, all of them valid.

import Gate
import HCL
import Policy
import TLS

struct Loaded {
  let settings: Settings
  let policies: PoliciesInForce
  let files: WatchedFiles
  /// Taken before anything was read.
  let stamps: WatchedFiles.Stamps
  let warnings: Complaints

  /// Everything that can be wrong before a socket is opened, found in one go.
  static func read(_ path: String) throws(Fault) -> Loaded {
    let settings: Settings
    var warnings = Complaints()
    do throws(SettingsError) {
      let loaded = try SettingsFile.load(path)
      settings = loaded.settings
      warnings = Complaints(diagnostics: loaded.warnings, unreported: loaded.unreported)
    } catch {
      throw Fault(
        sentence: "\(path) is not a valid configuration",
        complaints: Complaints(diagnostics: error.diagnostics, unreported: error.unreported))
    }
    let files = WatchedFiles(settings)
    let stamps = files.stamps(before: settings)
    do throws(PolicyErrors) {
      let set = try PolicyFolder.load(settings.policies, now: .now)
      warnings.diagnostics += set.warnings
      warnings.unreported += set.unreportedWarnings
      warnings.remarks = remarks(of: set, under: settings)
      let shadow = try settings.shadowPolicies.map { path throws(PolicyErrors) in
        try PolicyFolder.load(path, now: .now)
      }
      warnings.diagnostics += shadow?.warnings ?? []
      warnings.unreported += shadow?.unreportedWarnings ?? 0
      return Loaded(
        settings: settings, policies: PoliciesInForce(set, shadow: shadow), files: files,
        stamps: stamps, warnings: warnings)
    } catch {
      throw Fault(error, "the policies", after: warnings)
    }
  }

  /// Why nothing was loaded.
  struct Fault: Error, Hashable {
    let sentence: String
    let complaints: Complaints

    init(sentence: String, complaints: Complaints) {
      self.sentence = sentence
      self.complaints = complaints
    }

    /// - Parameter what: what is not valid.
    init(_ error: PolicyErrors, _ what: String, after warnings: Complaints = Complaints()) {
      var complaints = warnings
      switch error {
      case .unreadable(let fault): sentence = "\(fault)"
      case .invalid(let diagnostics, let unreported):
        sentence = "\(what) are not valid"
        complaints.diagnostics += diagnostics
        complaints.unreported += unreported
      }
      self.complaints = complaints
    }
  }

  struct Complaints: Hashable {
    var diagnostics: [Diagnostic] = []
    /// How many were found beyond those.
    var unreported = 0
    /// Warnings that are about no place in a file.
    var remarks: [String] = []
  }

  /// Tokens that nobody can be recognised as, since nobody is asked for a certificate.
  private static func remarks(of set: PolicySet, under settings: Settings) -> [String] {
    guard case .ignored = settings.tls.clientCertificates else { return [] }
    let names = set.tokens.filter { $0.certificate != nil }.map { Quoting.quoted($0.name) }
    if names.isEmpty { return [] }
    let shown = names.prefix(8).joined(separator: ", ")
    return [
      "the listener has no ca_file, so no client certificate is asked for, and nobody is recognised as "
        + (names.count == 1 ? "the token that needs one" : "the \(names.count) tokens that need one")
        + ": \(shown)\(names.count > 8 ? " …" : "")"
    ]
  }
}
