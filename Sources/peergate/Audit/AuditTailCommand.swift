// peergate audit tail: decisions as they are made.

import ArgumentParser
import Audit

struct AuditTail: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tail",
    abstract: "Show the end of a log, readable, and what is added to it.",
    discussion: """
      Follows the log over rotation and renaming until it is interrupted; begins at the end, however long the file \
      is. What was rotated away before it was shown is read from the rotated files; what is in none of them any more \
      is told with its numbers. The columns: time, token, operation, peer, decision, status, duration, and the rule or reason that \
      decided. The intent of a change has ... for a status.

      An answer that did not leave is known later than its line: the line that takes it back is followed by what it \
      takes back.

      From standard input (-) and pipes lines are shown as they come; with --no-follow the last ones, at its end.
      """)

  @Argument(help: "The live file of the log; - is standard input.")
  var file: String

  @Option(name: [.customShort("n"), .long], help: "Lines to show before following.")
  var lines = 10

  @Flag(inversion: .prefixedNo, help: "Whether to wait for more.")
  var follow = true

  @Flag(help: "Show local times instead of UTC.")
  var local = false

  func validate() throws {
    guard 0...Self.mostLines ~= lines else {
      throw ValidationError("--lines takes a number from 0 to \(Self.mostLines)")
    }
  }

  /// Lines to show that are held at once.
  private static let mostLines = 1_000_000

  func run() throws {
    do throws(ReadingError) {
      // What can be read only once has no end to begin at, and none to wait behind.
      if WithheldIDs.canBeReadTwice(file) { try readFile() } else { try readInput() }
    } catch {
      throw Self.fail("\(error)")
    }
  }

  private func readFile() throws(ReadingError) {
    let follower = LogFollower(file)
    var reader = Reader(isLocal: local)
    try follower.open(atLast: lines)
    let show = { (line: Span<UInt8>, length: Int) in
      for text in reader.texts(line, length) { Terminal.say(text) }
    }
    _ = try follower.readOn(show)
    while follow {
      if try !follower.readOn(breaks: Self.tell, show) { follower.pause() }
    }
  }

  private static func tell(_ gap: LogFollower.Break) {
    switch gap {
    case .anew: Terminal.say("(another log begins here)")
    case .missing(let numbers):
      Terminal.say(
        "(numbers \(numbers.lowerBound) to \(numbers.upperBound) are not shown: they are in no file beside this one)"
      )
    }
  }

  private func readInput() throws(ReadingError) {
    var reader = Reader(isLocal: local)
    var last: [[String]] = []
    try RecordStream.forEachLine(of: file) { line, length, _ in
      let texts = reader.texts(line, length)
      if texts.isEmpty { return true }
      if follow {
        for text in texts { Terminal.say(text) }
      } else {
        last.append(texts)
        // Cut in steps, since the front of an array is dear to take away.
        if last.count > 2 * lines + 1_000 { last.removeFirst(last.count - lines) }
      }
      return true
    }
    for text in last.suffix(lines).joined() { Terminal.say(text) }
  }

  /// Lines of the log to lines for a person.
  private struct Reader {
    let isLocal: Bool
    private let hasColour = Terminal.hasColour
    private var shown = LateWithdrawals()

    init(isLocal: Bool) { self.isLocal = isLocal }

    mutating func texts(_ line: Span<UInt8>, _ length: Int) -> [String] {
      if length == 0 { return [] }
      do throws(RecordedEntry.Fault) {
        let entry = try RecordedEntry(line, length: length)
        shown.note(entry)
        return [RecordLine(entry, hasColour: hasColour, isLocal: isLocal).text] + shown.takenBack(by: entry)
      } catch {
        switch ExtractLine(line) {
        case .header?: return ["(an extract of a log, of which most lines may be left out)"]
        case .leftOut(let numbers, _)?:
          return ["(numbers \(numbers.lowerBound) to \(numbers.upperBound) are left out of this extract)"]
        case nil: return ["(a line of \(length) bytes that cannot be read: \(error.rawValue))"]
        }
      }
    }
  }
}
