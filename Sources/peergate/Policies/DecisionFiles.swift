// Audit files, for the commands that ask their decisions again.

import ArgumentParser
import Audit

struct DecisionFiles {
  /// That they are an extract, and how much of the log it leaves out; nil of whole logs.
  let absence: String?

  /// Every line of every file passes `read`; of an extract, those that are no records are empty, so that numbers of lines
  /// stay what they are.
  init(_ files: [String], _ read: (_ line: Span<UInt8>, _ length: Int) -> Void) throws(ReadingError) {
    var leftOut = NumberRanges()
    var isExtract = false
    for input in try RecordInputs(files).inOrder {
      try input.forEachLine { line, length, _ in
        guard let part = ExtractLine(line) else {
          read(line, length)
          return true
        }
        isExtract = true
        if case .leftOut(let numbers, _) = part { leftOut.add(numbers) }
        read(line.extracting(..<0), 0)
        return true
      }
    }
    let sentence = "an extract of a log, and no more than a part of it: \(leftOut.count) lines are left out"
    absence = isExtract ? sentence : nil
  }
}

extension ParsableCommand {
  /// With the status of a query that met such lines: anyone who takes the rest for the whole would be wrong.
  static func endIfUnreadable(_ count: Int) throws {
    guard count > 0 else { return }
    complain("\(count == 1 ? "1 line" : "\(count) lines") cannot be read, and what they tell is missing")
    throw ExitCode(2)
  }
}
