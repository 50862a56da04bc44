// peergate audit anchor: where does the log stand?

import ArgumentParser
import Audit
import Bytes
import Digests

struct AuditAnchor: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "anchor",
    abstract: "Print where a log stands, to be kept elsewhere.",
    discussion: """
      Prints the gate's name, the number of the last line and the link behind it. Kept where anyone who can write the log cannot, it shows \
      later that the end was not cut off and nothing before it rewritten:

        peergate audit anchor audit.jsonl >> /mnt/elsewhere/anchors
        peergate audit verify --public-key audit.key.pub --anchors /mnt/elsewhere/anchors audit*.jsonl

      - is standard input. Exit status: 0 printed, 1 the log is not sound, 2 it could not be read.
      """)

  @Argument(help: "The live file of the log, or -.")
  var file: String

  func run() throws {
    var options = VerificationOptions()
    options.isLive = true
    let report: VerificationReport
    do throws(VerificationError) {
      report = try LogVerification.verify([file], options)
    } catch {
      throw AuditVerify.unchecked("\(error)")
    }
    // An anchor of a log that is not sound would vouch for it.
    guard report.isSound, let head = report.head else {
      throw Self.fail("\(file) is not sound: peergate audit verify says where")
    }
    // A log of long ago names no gate, or not as one is called now; its anchors count for every log.
    let gate = report.gate.flatMap { GateName($0) }.map { "gate=\($0.text) " } ?? ""
    Terminal.say("\(gate)\(report.lastSequence) \(head.hexadecimal)")
  }
}
