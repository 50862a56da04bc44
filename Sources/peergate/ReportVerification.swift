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

  init(of files: [String], publicKey: String?) throws(Fault) {
    let isPiped = files.contains { $0.utf8.elementsEqual(RecordStream.standardInput.utf8) }
    if isPiped {
      verdict = .notChecked
      sentences = ["standard input can be read once, and was read for the report: verify the file itself"]
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
      let outcome = try LogVerification.check(files, options)
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
      self.sentences = sentences + report.limits.map { "not known: \($0)" }
    } catch {
      throw Fault(description: "\(error)")
    }
  }
}
