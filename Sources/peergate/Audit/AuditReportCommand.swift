// peergate audit report: what happened, for somebody who was not there.

import ArgumentParser
import Audit
import Bytes
import Digests

struct AuditReport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Sum a log up: verification, who did what, changes, denials, gaps.",
    discussion: """
      Give all files of one log, in any order:

        peergate audit report --public-key audit.key.pub --since 30d --html report.html audit*.jsonl

      The verification is of the whole files, the tables of the period. The page needs nothing besides itself and \
      names the SHA-256 of each file that it was made from.

      Exit status: 0 the log is sound, 1 it is not, 2 a file cannot be read or written, 3 it is an extract, all of it \
      proven.
      """)

  @Argument(help: "The files of the log; - is standard input, which cannot be verified.")
  var files: [String]

  @Option(help: "The public key that must have signed the log: the .pub file of peergate audit keygen.")
  var publicKey: String?

  @Option(help: "Not before: so long ago (90s, 1h30m, 7d, 2w), a date or a time (2026-01-02T03:04:05+01:00).")
  var since: String?

  @Option(help: "Before: as --since.")
  var until: String?

  @Option(help: "Write one HTML page to this file, which must not exist, instead of text.")
  var html: String?

  @Flag(help: "Print JSON instead of text.")
  var json = false

  @Option(help: "Rows of a table at most; the report says how many are left out.")
  var rows = 500

  func validate() throws {
    guard 1...AuditLimits.reportKeys ~= rows else {
      throw ValidationError("--rows takes a number from 1 to \(AuditLimits.reportKeys)")
    }
    _ = try period()
  }

  func run() throws {
    let period = try period()
    var inputs = ReportSection(
      "files", "Files",
      columns: [
        .init("file", "File"), .init("bytes", "Bytes", isNumber: true),
        .init("lines", "Lines", isNumber: true),
        .init("sha256", "SHA-256"),
      ], limit: rows)
    let verification: ReportVerification
    var report: LogReport
    do {
      let resolved = try RecordInputs(files)
      verification = try ReportVerification(of: resolved, publicKey: publicKey)
      report = LogReport(rowLimit: rows, takenBack: try WithheldIDs(in: resolved))
      for file in resolved.inOrder { inputs.add(try Self.read(file, period, into: &report)) }
    } catch {
      throw Self.unread("\(error)")
    }
    var formatter = TimestampFormatter()
    formatter.format(.now())
    let document = ReportDocument(
      verdict: verification.verdict, sentences: verification.sentences,
      made: ByteString(String(decoding: formatter.text, as: UTF8.self)), sections: [inputs] + report.sections,
      charts: report.charts)
    if let html {
      do throws(OutputFile.Fault) {
        try OutputFile(html).write(Array(ReportPage.text(document).utf8))
      } catch {
        throw Self.unread("\(error)")
      }
    }
    if json {
      Terminal.say(ReportObject.text(document))
    } else if html == nil {
      Terminal.write(ReportText.text(document))
    }
    if verification.verdict == .notSound { throw ExitCode(1) }
    if verification.verdict == .extract { throw ExitCode(3) }
  }

  private func period() throws -> Period { try PeriodOptions.period(since: since, until: until) }

  private static func unread(_ sentence: String) -> ExitCode {
    _ = fail(sentence)
    return ExitCode(2)
  }

  /// Name, bytes, lines and digest of the file.
  private static func read(
    _ file: RecordInputs.Input, _ period: Period, into report: inout LogReport
  ) throws(ReadingError) -> [ByteString?] {
    var hash = SHA256()
    var (bytes, lines) = (0, 0)
    report.beginFile()
    let readChunk = { (chunk: Span<UInt8>) in
      hash.update(chunk)
      bytes += chunk.count
    }
    try file.forEachLine(everyChunk: readChunk) { line, length, number in
      lines = number
      if length == 0 { return true }
      do throws(RecordedEntry.Fault) {
        report.read(try RecordedEntry(line, length: length), in: period)
      } catch {
        if let part = ExtractLine(line) {
          report.read(part)
        } else {
          report.readFault(error, file: file.name, line: number)
        }
      }
      return true
    }
    let digest = hash.finish().hexadecimal
    return [file.name, "\(bytes)", "\(lines)", digest].map { ByteString($0) }
  }
}
