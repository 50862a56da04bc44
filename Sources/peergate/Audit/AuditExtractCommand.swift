// peergate audit extract: lines of a log for somebody who may not see the others.

import ArgumentParser
import Audit
import Digests
import Glibc

struct AuditExtract: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "extract",
    abstract: "Hand on lines of a signed log, with the proof that they are of it.",
    discussion: """
      Takes the conditions of peergate audit query. What matches is written as it stands; of what is left out nothing \
      but numbers and digests are:

        peergate audit extract --peer hub --decision deny --to denials.jsonl audit*.jsonl
        peergate audit verify --public-key audit.key.pub denials.jsonl

      The records of the log's own that bear the signatures are in it as well, and lines that take back an answer \
      which is in it. Of the lines between the first and the last each costs 43 bytes, which prove that all are of \
      one log; --short leaves out those behind a signature, up to the next line that matches.

      The log must be sound. Exit status: 0 all that match are in the extract, 1 nothing matches, 2 a file cannot be \
      read or written, the log is not sound, or lines that match cannot be proven and are left out.
      """)

  @Argument(help: "The files of one log, in any order; - is standard input.")
  var files: [String]

  @OptionGroup(title: "Conditions")
  var conditions: QueryConditions

  @Option(help: ArgumentHelp("Write to this file, which must not exist.", valueName: "file"))
  var to: String?

  @Flag(help: "Prove each stretch by itself, and not that all are of one log.")
  var short = false

  @Option(
    help: ArgumentHelp(
      "The public key that must have signed the log, once for each; else the keys that the log names.",
      valueName: "file"))
  var publicKey: [String] = []

  func validate() throws { _ = try conditions.query() }

  func run() throws {
    let query = try conditions.query()
    let keys = try publicKey.map(AuditVerify.loadPublicKey)
    let output: OutputFile
    do throws(OutputFile.Fault) { output = try OutputFile(to) } catch {
      throw AuditVerify.unchecked("\(error)")
    }
    var fault: OutputFile.Fault?
    let result: LogExtraction.Result
    do throws(VerificationError) {
      result = try LogExtraction.run(files, query, publicKeys: keys, isConnected: !short) { bytes in
        do throws(OutputFile.Fault) { try output.write(bytes) } catch { fault = error }
        return fault == nil
      }
    } catch {
      output.remove()
      throw AuditVerify.unchecked("\(error)")
    }
    if let sentence = fault?.description ?? Self.objection(to: result.verification) {
      output.remove()
      throw AuditVerify.unchecked(sentence)
    }
    if result.written == 0 { output.remove() }
    try Self.end(result)
  }

  private static func objection(to report: VerificationReport) -> String? {
    guard let finding = report.findings.first else { return nil }
    return "the log is not sound, an extract would vouch for it: \(finding.describe(files: report.files))"
  }

  /// Whether all that was asked for is there.
  private static func end(_ result: LogExtraction.Result) throws {
    if result.oldFormat > 0 {
      complain(
        "\(result.oldFormat) lines that match are left out: they are of format 1, in which no line can be proven without "
          + "all the others; hand over the whole files")
    }
    if result.unsigned > 0 {
      complain(
        "\(result.unsigned) lines that match are left out: no signature vouches for them"
          + (result.verification.signedUpTo == nil ? "; nothing in the log is signed" : ""))
    }
    if result.oldFormat > 0 || result.unsigned > 0 { throw ExitCode(2) }
    guard result.written > 0 else { throw fail("nothing matches") }
  }
}
