// peergate audit tail: decisions as they are made.

import ArgumentParser
import Audit

struct AuditTail: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tail",
    abstract: "Show the end of a log, readable, and what is added to it.",
    discussion: """
      Follows the log over rotation and renaming until it is interrupted; begins at the end, however long the file \
      is. The columns: time, token, operation, peer, decision, status, duration, and the rule or reason that \
      decided. The intent of a change has ... for a status.

      From standard input (-) lines are shown as they come; with --no-follow the last ones, at its end.
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
      if file.utf8.elementsEqual(RecordStream.standardInput.utf8) {
        try readInput()
      } else {
        try readFile()
      }
    } catch {
      throw Self.fail("\(error)")
    }
  }

  private func readFile() throws(ReadingError) {
    let follower = LogFollower(file)
    let hasColour = Terminal.hasColour
    try follower.open(atLast: lines)
    let show = { (line: Span<UInt8>, length: Int) in
      if let text = text(line, length, hasColour) { Terminal.say(text) }
    }
    _ = try follower.readOn(show)
    while follow {
      if try !follower.readOn(show) { follower.pause() }
    }
  }

  private func readInput() throws(ReadingError) {
    let hasColour = Terminal.hasColour
    var last: [String] = []
    try RecordStream.forEachLine(of: file) { line, length, _ in
      guard let text = text(line, length, hasColour) else { return true }
      if follow {
        Terminal.say(text)
      } else {
        last.append(text)
        // Cut in steps, since the front of an array is dear to take away.
        if last.count > 2 * lines + 1_000 { last.removeFirst(last.count - lines) }
      }
      return true
    }
    for text in last.suffix(lines) { Terminal.say(text) }
  }

  private func text(_ line: Span<UInt8>, _ length: Int, _ hasColour: Bool) -> String? {
    if length == 0 { return nil }
    do throws(RecordedEntry.Fault) {
      return RecordLine(try RecordedEntry(line, length: length), hasColour: hasColour, isLocal: local).text
    } catch {
      return "(a line of \(length) bytes that cannot be read: \(error.rawValue))"
    }
  }
}
