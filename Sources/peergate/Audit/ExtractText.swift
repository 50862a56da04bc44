// What the check of an extract has found, for a person and for a program.

import Audit
import Digests
import JSON

enum ExtractText {
  static func text(_ report: ExtractReport) -> String {
    var text = report.findings.map { $0.describe(file: report.file) }
    text.append(verdict(report))
    text.append("here: \(report.here.text)")
    if report.leftOut.count > 0 { text.append("left out: \(report.leftOut.text)") }
    for proof in report.proofs {
      text.append(
        "proven by the signature at number \(proof.signature), key \(proof.key.fingerprint.hexadecimal.prefix(16))…: "
          + proof.numbers.text)
    }
    if report.proofCount > report.proofs.count {
      text.append("and by \(report.proofCount - report.proofs.count) further signatures")
    }
    if !report.signers.isEmpty {
      let prints = report.signers.map { $0.fingerprint.hexadecimal }.joined(separator: ", ")
      text.append("signed by the key with the fingerprint \(prints)")
    }
    for limit in report.limits { text.append("not known: \(limit)") }
    return text.joined(separator: "\n")
  }

  /// In one line, and never with the word that is said of a whole log.
  static func verdict(_ report: ExtractReport) -> String {
    let count = report.here.count
    guard report.isProven else {
      return "NOT SOUND: an extract of \(lines(count)), which is not as it was made from a log"
    }
    let whole = report.lastSigned.map { " of \($0)" } ?? ""
    let beginning = "EXTRACT: \(count)\(whole) lines \(count == 1 ? "is" : "are") here, "
    return beginning
      + (report.keyWasGiven
        ? "each is proven to be from the log that the key signed, and unedited"
        : "each is signed by the key that the extract itself names; whose key that is was not checked")
      + (report.signed == 1 ? "; 1 of them bears a signature" : "; \(report.signed) of them bear signatures")
  }

  private static func lines(_ count: UInt64) -> String { count == 1 ? "1 line" : "\(count) lines" }

  /// Without the member `sound`, which programs read that ask about a whole log.
  static func object(_ report: ExtractReport) -> String {
    var writer = Writer()
    writer.beginObject()
    writer.key("extract")
    writer.bool(true)
    writer.key("proven")
    writer.bool(report.isProven)
    for (name, value) in [
      ("here", report.here.count), ("signed_records", report.signed), ("left_out", report.leftOut.count),
      ("parts", UInt64(report.parts)), ("last_signed", report.lastSigned ?? 0),
    ] {
      writer.key(name)
      writer.number(value)
    }
    writer.key("proofs")
    writer.beginArray()
    for proof in report.proofs {
      writer.beginObject()
      writer.key("signature")
      writer.number(proof.signature)
      writer.key("key")
      writer.string(proof.key.fingerprint.hexadecimal)
      writer.key("numbers")
      writer.string(proof.numbers.text)
      writer.endObject()
    }
    writer.endArray()
    for (name, sentences) in [
      ("findings", report.findings.map { $0.describe(file: report.file) }),
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
