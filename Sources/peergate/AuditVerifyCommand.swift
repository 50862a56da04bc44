// peergate audit verify: has anybody changed the log?

import ArgumentParser
import Audit
import Digests
import Gate
import Glibc
import JSON

struct AuditVerify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check that a log is as the gate wrote it.",
    discussion: """
      Give all files of one log, rotated ones included, in any order:

        peergate audit verify --public-key audit.key.pub /var/log/peergate/audit*.jsonl

      With --public-key, all of it must be signed by that key, but for what a gate leaves unsigned for a few \
      seconds. Without it the check finds damage and clumsy hands, and not somebody who wrote the log anew.

      Tells which lines were edited, removed, inserted or moved, and what nobody can know from the files \
      alone. What was cut off at the end shows only to somebody who noted something of it elsewhere: a head that \
      was printed here (--expect-head), or what peergate audit anchor prints (--anchors).

      - is standard input. Exit status: 0 sound, 1 not sound, 2 could not be checked.
      """)

  @Argument(help: "The files of the log, or -.")
  var files: [String]

  @Option(
    help: ArgumentHelp(
      "The public key that must have signed the log: the .pub file of peergate audit keygen. Once for each key, where "
        + "it was changed.", valueName: "file"))
  var publicKey: [String] = []

  @Option(help: "The head of an earlier check, which must still be in the log.")
  var expectHead: String?

  @Option(help: ArgumentHelp("What peergate audit anchor printed, kept elsewhere.", valueName: "file"))
  var anchors: String?

  @Option(help: "The number of the first line to check, which must be there.")
  var from: UInt64?

  @Flag(help: "The log must be there from number 1 on, but for what the gate says it has deleted.")
  var complete = false

  @Flag(
    help: "A gate is writing the log: tell what it has not signed yet, and hold nothing of it against it.")
  var live = false

  @Flag(help: "Print one JSON object instead of text.")
  var json = false

  func validate() throws {
    if complete, from != nil { throw ValidationError("--complete is --from 1; give one of them") }
    if from == 0 { throw ValidationError("--from takes a number from 1") }
  }

  func run() throws {
    var options = VerificationOptions()
    options.publicKeys = try publicKey.map(Self.loadPublicKey)
    options.from = complete ? 1 : from
    options.isLive = live
    if let expectHead {
      options.expectedHead = SHA256Digest(hexadecimal: expectHead)
      guard options.expectedHead != nil else {
        throw Self.unchecked("--expect-head takes 64 lower-case hexadecimal digits")
      }
    }
    if let anchors {
      do throws(VerificationError) {
        options.anchors = try AnchorFile.read(anchors)
      } catch {
        throw Self.unchecked("\(error)")
      }
      guard !options.anchors.isEmpty else { throw Self.unchecked("\(anchors): holds no anchor") }
    }
    let showsProgress = isatty(STDERR_FILENO) == 1
    let report: VerificationReport
    do throws(VerificationError) {
      report = try LogVerification.verify(files, options) { bytes in
        if showsProgress { Self.complain("  \(bytes >> 20) MiB read") }
      }
    } catch {
      throw Self.unchecked("\(error)")
    }
    Terminal.show(json ? Self.object(report) : Self.text(report))
    if !report.isSound { throw ExitCode(1) }
  }

  static func unchecked(_ sentence: String) -> ExitCode {
    _ = fail(sentence)
    return ExitCode(2)
  }

  static func loadPublicKey(_ path: String) throws -> VerifyingKey {
    do throws(PublicKeyFile.Fault) { return try PublicKeyFile.read(path) } catch {
      throw unchecked("\(error)")
    }
  }

  private static func text(_ report: VerificationReport) -> String {
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
    for note in report.notes { text.append("note: \(note)") }
    for limit in report.limits { text.append("not known: \(limit)") }
    return text.joined(separator: "\n")
  }

  private static func object(_ report: VerificationReport) -> String {
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
