// What is wrong with a log.
import Bytes

/// A line by the file it is in (an index into the files as given) and its number there, from 1.
package struct LogPlace: Sendable, Hashable, Comparable {
  package let file: Int
  package let line: Int

  package static func < (left: LogPlace, right: LogPlace) -> Bool {
    (left.file, left.line) < (right.file, right.line)
  }
}

/// Each is proof that somebody other than the gate has changed the files, or that a disk has.
package enum Finding: Sendable, Equatable {
  /// The digest of these lines is not what the line after them says. Where there are several, the last is
  /// certain; the others lie between it and a line that is sound.
  case edited(ClosedRange<LogPlace>)
  /// No record at all: edited beyond recognition, or put in.
  case unreadable(LogPlace)
  /// Lines with these numbers are missing before `place`.
  case removed(ClosedRange<UInt64>, before: LogPlace)
  /// Lines that no line before or after them knows.
  case inserted(ClosedRange<LogPlace>)
  /// The line belongs right behind another one.
  case reordered(LogPlace, belongsAfter: LogPlace)
  /// The numbers start again or go back: another log was put behind this one.
  case foreign(LogPlace, sequence: UInt64, after: UInt64)
  /// A record of number 1 that does not start a chain.
  case notTheBeginning(LogPlace)
  /// Not written by a gate: another spelling of JSON, another order of fields, one that is there twice.
  case notInForm(LogPlace, byte: Int)
  case unsigned(LogPlace)
  case badSignature(LogPlace)
  /// A log does not begin so: with an opening record that is signed.
  case notOpened(LogPlace)
  /// The format of lines changes only upwards, and only with an opening record.
  case formatsMixed(LogPlace)
  /// More lines, or a longer time, than a gate leaves without a signature.
  case signaturesMissing(ClosedRange<UInt64>, from: LogPlace)
  /// There is no signature by the given key at all.
  case nothingSigned
  /// The last file was ended for the next one, which is not there.
  case nextFileMissing(LogPlace)
  /// A start found that the file was gone that the one before it was ended for.
  case nextFileTaken(LogPlace, after: UInt64)
  /// The gate says that it deleted what was before and behind these lines, and not that it deleted them.
  case removedAmongPruned(ClosedRange<UInt64>)
  /// What the gate says it deleted ended otherwise than the log begins.
  case notAfterPruned(LogPlace)
  /// The link behind a line is not the one that was noted elsewhere.
  case notAnchored(LogPlace, sequence: UInt64)
  /// Two links were noted elsewhere for one number.
  case anchorsContradict(sequence: UInt64)
  /// The log ends before a line that was noted elsewhere.
  case endMissing(lastSequence: UInt64, anchor: UInt64)
  /// The log does not begin with the number that was asked for.
  case beginningMissing(expected: UInt64, found: UInt64)
  /// A record of a format that this program does not know.
  case unknownFormat(LogPlace, Int)
  /// The digest that was expected to be in the log is not: the log ends before that line, or was rewritten.
  case headMissing(lastSequence: UInt64)
  /// More than is worth telling apart.
  case more(Int)

  /// In words, with `files` as they were given, but for what would steer a terminal or begin its own line: somebody
  /// else may have named them.
  package func describe(files: [String]) -> String {
    let name = PlaceNames(files: files)
    switch self {
    case .edited(let range) where range.lowerBound == range.upperBound:
      return "\(name(range)): edited: its digest is not the one that the next line carries"
    case .edited(let range):
      return "\(name(range)): edited: the last of these lines for certain, the others possibly"
    case .unreadable(let place):
      return "\(name(place)): not an audit record: edited beyond recognition, or put in"
    case .removed(let numbers, let place) where numbers.lowerBound == numbers.upperBound:
      return "\(name(place)): a line is missing before it, number \(numbers.lowerBound)"
    case .removed(let numbers, let place):
      return
        "\(name(place)): \(numbers.upperBound - numbers.lowerBound + 1) lines are missing before it, numbers "
        + "\(numbers.lowerBound) to \(numbers.upperBound)"
    case .inserted(let range):
      return "\(name(range)): inserted: the line after it does not know it"
    case .reordered(let place, let other):
      return "\(name(place)): moved: it belongs right after \(name(other))"
    case .foreign(let place, let sequence, let after):
      return "\(name(place)): number \(sequence) after \(after): another log begins here"
    case .notTheBeginning(let place):
      return "\(name(place)): number 1 with something before it"
    case .notInForm(let place, let byte):
      return "\(name(place)): not as a gate writes it, from byte \(byte + 1) of the line on"
    case .unsigned(let place):
      return "\(name(place)): carries no signature although a key was given"
    case .badSignature(let place):
      return "\(name(place)): its signature is not the given key's over this log"
    case .notOpened(let place):
      return "\(name(place)): number 1 is no opening record, with which every gate begins a log"
    case .formatsMixed(let place):
      return
        "\(name(place)): of another format than the lines before it: that changes only where a newer gate starts"
    case .nextFileTaken(let place, let number):
      return "\(name(place)): a start that found the next file gone, with all from number \(number + 1) on"
    case .removedAmongPruned(let numbers):
      return
        "numbers \(numbers.lowerBound) to \(numbers.upperBound) are missing: the gate says that it deleted what was before "
        + "and behind them, and not that it deleted them"
    case .anchorsContradict(let sequence):
      return "two anchors of number \(sequence) differ: one log had two lines of that number"
    case .signaturesMissing(let numbers, let place):
      return
        "\(name(place)): numbers \(numbers.lowerBound) to \(numbers.upperBound) have no signature: more than a gate "
        + "leaves unsigned"
    case .nothingSigned: return "nothing is signed by the given key: anybody could have written all of it"
    case .nextFileMissing(let place):
      return "\(name(place)): ends its file for the next one, which is not there"
    case .notAfterPruned(let place):
      return "\(name(place)): the file that it says was deleted did not end as the log here begins"
    case .notAnchored(let place, let sequence):
      return
        "\(name(place)): number \(sequence) is not the line that an anchor was made of: the log was rewritten"
    case .endMissing(let last, let anchor):
      return
        "the log ends with number \(last), and an anchor was made of number \(anchor): its end was cut off"
    case .beginningMissing(let expected, let found):
      return "the log does not begin with number \(expected): the first line that is there is number \(found)"
    case .unknownFormat(let place, let format):
      return
        "\(name(place)): says that the lines from here on are of format \(format), which this program does not know"
    case .headMissing(let last):
      return "the expected head is in none of the files: the log ends too early, with number \(last), "
        + "or was rewritten"
    case .more(let count):
      return "\(count) further findings, not told apart"
    }
  }
}

/// Writes places as the files were given, with nothing that would steer a terminal or begin its own line.
private struct PlaceNames {
  let files: [String]

  func callAsFunction(_ place: LogPlace) -> String {
    "\(files[place.file].shown(keepingLayout: false)):\(place.line)"
  }

  func callAsFunction(_ range: ClosedRange<LogPlace>) -> String {
    range.lowerBound == range.upperBound
      ? self(range.lowerBound) : "\(self(range.lowerBound)) to \(self(range.upperBound))"
  }
}
