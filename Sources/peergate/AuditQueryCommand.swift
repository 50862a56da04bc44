// peergate audit query: who did what, when?

import ArgumentParser
import Audit
import Glibc

struct AuditQuery: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "query",
    abstract: "Find lines of a log.",
    discussion: """
      Every condition that is given must hold:

        peergate audit query --peer cluster-02 --decision deny --since 1h audit.jsonl
        peergate audit query --subject team-a-ci --operation delete --json audit*.jsonl | jq .payload.id

      Exit status: 0 found, 1 nothing found, 2 a file cannot be read.
      """)

  @Argument(help: "The files of the log, oldest first.")
  var files: [String]

  @Option(help: "Name or accessor ID of a token.")
  var subject: String?

  @Option(help: "Name of a peer.")
  var peer: String?

  @Option(help: "Name of a partition.")
  var partition: String?

  @Option(help: "generate, establish, read, delete or list.")
  var operation: String?

  @Option(help: "allow, deny or refuse.")
  var decision: String?

  @Option(help: "Status code of the answer.")
  var status: String?

  @Option(help: "A request's id, as in X-Request-Id or in the record; or its trace.")
  var id: String?

  @Option(help: "Not before: a period back from now (90s, 15m, 1h, 7d) or an instant (2026-01-02T03:04:05Z).")
  var since: String?

  @Option(help: "Before: as --since.")
  var until: String?

  @Flag(help: "Print the lines as they are, in JSON.")
  var json = false

  func run() throws {
    let query = try self.query()
    let hasColour = Terminal.hasColour
    var found = 0
    do throws(VerificationError) {
      for file in files {
        try LogReader.forEachLine(of: file) { line, _ in
          guard query.mayMatch(line), let entry = RecordedEntry(line), query.matches(entry) else {
            return true
          }
          found += 1
          Terminal.say(json ? Self.text(line) : RecordLine(entry, hasColour: hasColour).text)
          return true
        }
      }
    } catch {
      _ = Self.fail("\(error)")
      throw ExitCode(2)
    }
    if found == 0 { throw ExitCode(1) }
  }

  private func query() throws -> RecordQuery {
    if let operation, !["generate", "establish", "read", "delete", "list"].contains(operation) {
      throw ValidationError("--operation takes generate, establish, read, delete or list")
    }
    if let decision, !["allow", "deny", "refuse"].contains(decision) {
      throw ValidationError("--decision takes allow, deny or refuse")
    }
    var query = RecordQuery()
    query.subject = subject
    query.peer = peer
    query.partition = partition
    query.operation = operation
    query.outcome = decision
    query.status = status
    query.id = id
    let now = WallTime.now()
    query.since = try since.map { try Self.instant($0, now, "--since") }
    query.until = try until.map { try Self.instant($0, now, "--until") }
    return query
  }

  private static func instant(_ text: String, _ now: WallTime, _ option: String) throws -> String {
    guard let instant = RecordQuery.instant(text, now: now) else {
      throw ValidationError("\(option) takes a period such as 90s, 15m, 1h, 7d, or an instant in UTC")
    }
    return instant
  }

  private static func text(_ line: Span<UInt8>) -> String {
    let end = line.count - (line[line.count - 1] == 0x0A ? 1 : 0)
    return String(decoding: (0..<end).map { line[$0] }, as: UTF8.self)
  }
}
