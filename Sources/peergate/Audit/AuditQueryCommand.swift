// peergate audit query: who did what, when?

import ArgumentParser
import Audit
import Bytes

struct AuditQuery: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Find lines of a log.",
    discussion: """
      Every condition that is given must hold; one that is given several times takes any of its values:

        peergate audit query --peer 'team-b-*' --decision deny --since 1h30m audit.jsonl
        peergate audit query --subject team-a-ci --operation delete --json audit*.jsonl | jq .payload.id
        gzip -dc audit.jsonl.1.gz | peergate audit query --status 5xx --csv -

      An answer that did not leave, as a later line of these files says, is marked withheld; in what can be read only \
      once (-) the later line is told on standard error.

      --id is the gate's own id of a request, --request-id what its client sent as X-Request-Id (then the answer has it, \
      too) or as trace id.

      Lines that cannot be read are counted on standard error. Exit status: 0 found, 1 nothing found, 2 a file \
      or a line cannot be read.
      """)

  @Argument(help: "The files of the log, in any order; - is standard input.")
  var files: [String]

  @OptionGroup(title: "Conditions")
  var conditions: QueryConditions

  @Flag(help: "Print the lines as they are, in JSON; with --columns, objects of these.")
  var json = false

  @Flag(help: "Print comma-separated values for a spreadsheet, under a line of names.")
  var csv = false

  @Option(
    help:
      "What to print, separated by commas; \"all\" is everything there is: time,subject,operation,peer,status."
  )
  var columns: String?

  @Flag(help: "Say on standard error how many lines were read, and why others are not shown.")
  var summary = false

  func validate() throws {
    if json, csv { throw ValidationError("--json and --csv exclude each other") }
    _ = try conditions.query()
    _ = try chosenColumns()
  }

  func run() throws {
    let query = try conditions.query()
    let printer = try Printer(self, chosenColumns())
    var census = LineCensus()
    do throws(ReadingError) {
      let inputs = try RecordInputs(files)
      let withheld = try WithheldIDs(in: inputs)
      for file in inputs.inOrder {
        var gate = GateNames()
        var late = file.isRepeatable ? nil : LateWithdrawals()
        try file.forEachLine { line, length, number in
          if length == 0 {
            census.countBlank()
            return true
          }
          do throws(RecordedEntry.Fault) {
            let entry = try RecordedEntry(line, length: length)
            gate.read(entry)
            let answer = query.match(entry, gate: gate)
            census.count(answer)
            if answer != .matches, query.isAskedForByClientsID(entry) { census.countClientsID() }
            if answer == .matches {
              printer.show(entry, line, gate: gate, isWithheld: withheld.takesBack(entry))
              late?.note(entry)
            }
            for sentence in late?.takenBack(by: entry) ?? [] { Self.complain(sentence) }
          } catch {
            if let part = ExtractLine(line) {
              census.count(part)
            } else {
              census.count(error, file: file.name, line: number)
            }
          }
          return true
        }
      }
    } catch {
      _ = Self.fail("\(error)")
      throw ExitCode(2)
    }
    if let absence = census.absence { Self.complain(absence) }
    if let hint = census.clientsIDHint { Self.complain(hint) }
    if summary || census.unreadable > 0 { Self.complain(census.text) }
    if census.unreadable > 0 { throw ExitCode(2) }
    if census.shown == 0 { throw ExitCode(1) }
  }

  private func chosenColumns() throws -> [RecordColumn]? {
    guard let columns else { return csv ? RecordColumn.allCases : nil }
    if ByteString(columns) == "all" { return RecordColumn.allCases }
    return try columns.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map {
      name in
      guard let column = RecordColumn(named: ByteString(Substring(name))) else {
        throw ValidationError(
          "--columns takes \"all\", or of these: "
            + RecordColumn.allCases.map(\.rawValue).joined(separator: ","))
      }
      return column
    }
  }

  /// One line for each that is found.
  private struct Printer {
    private let columns: [RecordColumn]?
    private let (isJSON, isCSV, isLocal): (Bool, Bool, Bool)
    private let hasColour = Terminal.hasColour

    init(_ command: AuditQuery, _ columns: [RecordColumn]?) {
      self.columns = columns
      (isJSON, isCSV, isLocal) = (command.json, command.csv, command.conditions.local)
      if isCSV, let columns {
        Terminal.write(CSVRecord.line(columns.map { ByteString($0.rawValue) }))
      }
    }

    func show(_ entry: RecordedEntry, _ line: Span<UInt8>, gate: GateNames, isWithheld: Bool) {
      guard let columns else {
        Terminal.say(
          isJSON
            ? JSONLine.text(line)
            : RecordLine(entry, hasColour: hasColour, isLocal: isLocal, isWithheld: isWithheld).text)
        return
      }
      let values = columns.map {
        $0.value(of: entry, gate: gate, isWithheld: isWithheld, isLocal: isLocal)
      }
      if isCSV {
        Terminal.write(CSVRecord.line(values))
      } else if isJSON {
        Terminal.say(JSONLine.object(zip(columns, values).map { ($0.rawValue, $1) }))
      } else {
        // No value holds a tab: it is invisible, and shown as an escape.
        Terminal.say(values.map { $0.flatMap { $0.isEmpty ? nil : $0.shown } ?? "-" }.joined(separator: "\t"))
      }
    }
  }
}
