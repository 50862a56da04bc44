// What the verification of a log says, for a report to begin with.

import Audit
import Digests
import Gate

struct ReportVerification {
  struct Fault: Error, CustomStringConvertible {
    let description: String
  }

  let verdict: ReportDocument.Verdict
  let sentences: [String]

  init(of inputs: RecordInputs, publicKey: String?) throws(Fault) {
    guard inputs.isRepeatable else {
      verdict = .notChecked
      sentences = [
        "standard input and pipes can be read once, and were read for the report: verify the files themselves"
      ]
      return
    }
    var options = VerificationOptions()
    if let publicKey {
      do throws(PublicKeyFile.Fault) {
        options.publicKeys = [try PublicKeyFile.read(publicKey)]
      } catch {
        throw Fault(description: error.description)
      }
    }
    do throws(VerificationError) {
      let outcome = try LogVerification.check(inputs.inOrder.map(\.name), options)
      guard case .log(let report) = outcome else {
        guard case .extract(let report) = outcome else { throw .noRecord }
        verdict = report.isProven ? .extract : .notSound
        sentences =
          report.findings.prefix(100).map { $0.describe(file: report.file) } + [ExtractText.verdict(report)]
          + report.limits.map { "not known: \($0)" }
        return
      }
      verdict = report.isSound ? .sound : .notSound
      var sentences = report.findings.prefix(100).map { $0.describe(files: report.files) }
      if let head = report.head { sentences.append("head: \(head.hexadecimal)") }
      if let signed = report.signedUpTo { sentences.append("signed up to number \(signed)") }
      self.sentences =
        sentences + report.notes.map { "note: \($0)" } + report.limits.map { "not known: \($0)" }
    } catch {
      throw Fault(description: "\(error)")
    }
  }
}
