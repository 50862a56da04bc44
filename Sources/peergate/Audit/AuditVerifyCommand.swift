// peergate audit verify: has anybody changed the log?

import ArgumentParser
import Audit
import Bytes
import Digests
import Gate
import Glibc

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

      What peergate audit extract made is recognised: it says which of its lines are proven, and that others are \
      missing.

      - is standard input. Exit status: 0 sound, 1 not sound, 2 could not be checked, 3 an extract, all of it proven.
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

  @Option(
    help: ArgumentHelp(
      "What peergate audit anchor printed or a gate noted, kept elsewhere; a collector's file of syslog messages will do.",
      valueName: "file"))
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
      guard !options.anchors.isEmpty else {
        throw Self.unchecked(
          "\(anchors): holds no anchor in \(options.anchors.otherLines) lines: one ends with a number and a digest, as "
            + "peergate audit anchor prints them")
      }
    }
    let showsProgress = isatty(STDERR_FILENO) == 1
    let outcome: LogVerification.Outcome
    do throws(VerificationError) {
      outcome = try LogVerification.check(files, options) { bytes in
        if showsProgress { Self.complain("  \(bytes >> 20) MiB read") }
      }
    } catch {
      throw Self.unchecked("\(error)")
    }
    switch outcome {
    case .log(let report):
      if let anchors, report.isSound, report.anchorsFound == 0 {
        throw Self.unchecked("\(anchors): \(Self.whyNoAnchor(report))")
      }
      let others = anchors == nil ? nil : options.anchors.otherLines
      Terminal.show(json ? VerificationText.object(report) : VerificationText.text(report, others: others))
      if !report.isSound { throw ExitCode(1) }
    case .extract(let report):
      if expectHead != nil || anchors != nil || options.from != nil || live {
        throw Self.unchecked(
          "\(report.file) is an extract: --expect-head, --anchors, --from, --complete and --live ask of a whole log"
        )
      }
      Terminal.show(json ? ExtractText.object(report) : ExtractText.text(report))
      // Not 0: anyone who asked whether the log is sound must not take a part of it for the whole.
      throw ExitCode(report.isProven ? 3 : 1)
    }
  }

  /// Nothing that was noted elsewhere was compared, though it was asked for.
  private static func whyNoAnchor(_ report: VerificationReport) -> String {
    guard report.anchorsOfOthers > 0, report.lastAnchor == nil else {
      return "no anchor in it is of a line in these files, so it tells nothing of them"
    }
    let names = report.otherGates.prefix(5).map(\.shown).joined(separator: ", ")
    return "its anchors are of \(names)\(report.otherGates.count > 5 ? " and others" : "")"
      + "; this log is of \(report.gate?.shown ?? "a gate that it does not name")"
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
}
