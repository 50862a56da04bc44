// Files to a policy set: all of them valid, or none in force.
import Bytes
import Digests
package import HCL
import JSON

/// Why there is no policy set. The operator's to mend; anyone who has a set in force keeps it.
package enum PolicyErrors: Error, Sendable {
  case unreadable(FolderError)
  /// Errors and warnings in the order of the files; at least one is an error. `unreported` more were counted.
  case invalid([Diagnostic], unreported: Int)

  package var diagnostics: [Diagnostic] {
    switch self {
    case .unreadable: []
    case .invalid(let diagnostics, _): diagnostics
    }
  }
}

extension PolicyErrors: CustomStringConvertible {
  /// One line for each fault, without source lines: fit for a log.
  package var description: String {
    switch self {
    case .unreadable(let error): "\(error)"
    case .invalid(let diagnostics, let unreported):
      (diagnostics.map(\.description) + (unreported > 0 ? ["… and \(unreported) more"] : []))
        .joined(separator: "\n")
    }
  }
}

package enum PolicyLoader {
  /// Pure: the same files at the same instant give the same set or the same errors. `now` matters to warnings
  /// about expiry alone.
  ///
  /// - Parameter overlooked: the paths of files that are none, by their endings, though somebody may think so.
  package static func load(
    _ files: [PolicyFile], overlooked: [String] = [], now: Timestamp
  ) throws(PolicyErrors) -> PolicySet {
    let report = Report()
    for path in overlooked {
      report.warning(
        at: Position(line: 1, column: 1), in: Source(file: path, bytes: []), isOfSecurity: true,
        "this file is not read: the ending of a policy file's name is .hcl or .json, in lower case")
    }
    var sources: [ByteString: Source] = [:]
    var reader = PolicyReader(into: report)
    for file in files {
      let source = Source(file: file.path, bytes: file.bytes)
      sources[file.name] = source
      do throws(SyntaxError) {
        reader.read(try HCL.Document.parse(source), of: file)
      } catch {
        report.add(ConsulDocument.explained(error, source))
      }
    }
    let findings = Findings(sources, into: report)
    // References and uses make sense only when every stanza could be read.
    let isComplete = !report.hasErrors
    PolicyCheck(
      policies: reader.policies, tokens: reader.tokens, anonymous: reader.anonymous, now: now,
      isComplete: isComplete
    ).report(to: findings)
    let diagnostics = report.ordered
    guard !report.hasErrors else {
      throw .invalid(diagnostics, unreported: report.unreported)
    }
    return PolicySet(
      policies: reader.policies, tokens: reader.tokens, anonymous: reader.anonymous.first,
      digest: PolicyFile.digest(of: files),
      files: files.map { ($0.path, SHA256.digest(of: $0.bytes.span)) }, warnings: diagnostics,
      unreportedWarnings: report.unreported)
  }
}
