// What the check of a log has found, for a person and for a program.

import Audit
import Digests
import JSON

enum VerificationText {
  /// - Parameter others: lines of the file of anchors that are none.
  static func text(_ report: VerificationReport, others: Int?) -> String {
    var text: [String] = report.findings.map { $0.describe(files: report.files) }
    let verdict = report.isSound ? "sound" : "NOT SOUND"
    var summary =
      "\(verdict): \(report.lines) lines in \(report.files.count == 1 ? "1 file" : "\(report.files.count) files")"
    if let first = report.firstSequence { summary += ", numbers \(first) to \(report.lastSequence)" }
    text.append(summary)
    text.append(
      "starts of the gate: \(report.starts); checkpoints: \(report.checkpoints); lines the gate says it could not "
        + "keep: \(report.declaredLost); lines torn by crashes, declared: \(report.declaredTorn)")
    if let signed = report.signedUpTo {
      let prints = report.signers.map { $0.fingerprint.hexadecimal }.joined(separator: ", ")
      text.append("signed up to number \(signed), by the key with the fingerprint \(prints)")
    }
    if let head = report.head { text.append("head: \(head.hexadecimal)") }
    if let after = report.linesAfterExpectedHead {
      text.append("the expected head is there, \(after) lines follow it")
    }
    if let anchor = report.lastAnchor {
      text.append("anchors found: \(report.anchorsFound), the last at number \(anchor)")
    }
    if report.anchorsOfOthers > 0 {
      text.append("anchors of other gates, not compared: \(report.anchorsOfOthers)")
    }
    if let others { text.append("other lines among the anchors: \(others)") }
    for note in report.notes { text.append("note: \(note)") }
    for limit in report.limits { text.append("not known: \(limit)") }
    return text.joined(separator: "\n")
  }

  static func object(_ report: VerificationReport) -> String {
    var writer = Writer()
    writer.beginObject()
    writer.key("sound")
    writer.bool(report.isSound)
    for (name, value) in [
      ("lines", report.lines), ("bytes", report.bytes), ("starts", report.starts),
      ("checkpoints", report.checkpoints), ("declared_lost", report.declaredLost),
      ("declared_torn", report.declaredTorn),
    ] {
      writer.key(name)
      writer.number(value)
    }
    writer.key("last_seq")
    writer.number(report.lastSequence)
    if let signed = report.signedUpTo {
      writer.key("signed_up_to")
      writer.number(signed)
    }
    if let anchor = report.lastAnchor {
      for (name, value) in [
        ("anchors_found", report.anchorsFound), ("anchors_of_others", report.anchorsOfOthers),
      ] {
        writer.key(name)
        writer.number(value)
      }
      writer.key("last_anchor")
      writer.number(anchor)
    }
    if let head = report.head {
      writer.key("head")
      writer.string(head.hexadecimal)
    }
    for (name, sentences) in [
      ("findings", report.findings.map { $0.describe(files: report.files) }), ("notes", report.notes),
      ("signers", report.signers.map { $0.fingerprint.hexadecimal }), ("not_known", report.limits),
    ] {
      writer.key(name)
      writer.beginArray()
      for sentence in sentences { writer.string(sentence) }
      writer.endArray()
    }
    writer.endObject()
    return String(decoding: writer.finish(), as: UTF8.self)
  }
}
