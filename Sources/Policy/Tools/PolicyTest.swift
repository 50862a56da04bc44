// A test of the policies, written beside them: who asks for what, and what must be decided.
package import Bytes
import HCL
import JSON
package import Peering

/// One `test` block. It stands for as many questions as it has operations times peers.
package struct PolicyTest: Sendable {
  package enum Caller: Sendable, Hashable {
    /// A token by the name of its block; its secret plays no part.
    case token(ByteString)
    /// Nobody with a token: what the certificate says, or anonymous.
    case certificate
    case anonymous
  }

  package let title: ByteString
  package let place: Place
  package let caller: Caller
  package let questions: [Question]
  package let connection: PolicyAttributes
  /// When the question is asked; nil is the time of the run.
  package let instant: Timestamp?
  package let isAllowed: Bool
  /// The deciding rule as `RuleKey.text` has it, or why no rule decided ("no rule", "token expired").
  package let by: ByteString?
  /// The policy that holds the deciding rule.
  package let policy: ByteString?
  /// For lists: names that must be shown, and names that must not.
  package let shows: [PeerName]
  package let hides: [PeerName]
}

extension PolicyTest {
  /// Reads the tests of some files; a fault in one of them refuses all.
  package static func read(_ files: [PolicyFile]) throws(PolicyErrors) -> [PolicyTest] {
    let report = Report()
    var tests: [PolicyTest] = []
    for file in files {
      let source = Source(file: file.path, bytes: file.bytes)
      do throws(SyntaxError) {
        var reader = Reader(try Document.parse(source), into: report)
        let blocks = reader.blocks("test", labels: ["what it shows"])
        reader.finish()
        tests += blocks.compactMap {
          PolicyTestReader(source: source, places: PlaceMaker(file: file.name), report: report).test($0)
        }
      } catch {
        report.add(error)
      }
    }
    if report.hasErrors { throw .invalid(report.diagnostics.sorted(), unreported: report.unreported) }
    return tests
  }
}
