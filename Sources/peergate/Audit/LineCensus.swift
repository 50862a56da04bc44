// How many lines were read, and why some were left out.

import Audit

struct LineCensus {
  private(set) var lines = 0
  private(set) var shown = 0
  private var blank = 0
  /// Of an extract: lines that it says are left out of it.
  private var notHere = NumberRanges()
  private var answers: [RecordQuery.Match: Int] = [:]
  private var faults: [RecordedEntry.Fault: Int] = [:]
  private var firstFault: String?
  /// Lines whose clients sent what is asked for as the gate's own id.
  private var clientsIDs = 0

  var unreadable: Int { faults.values.reduce(0, +) }

  mutating func count(_ answer: RecordQuery.Match) {
    lines += 1
    answers[answer, default: 0] += 1
    if answer == .matches { shown += 1 }
  }

  mutating func count(_ fault: RecordedEntry.Fault, file: String, line: Int) {
    lines += 1
    faults[fault, default: 0] += 1
    if firstFault == nil { firstFault = "\(file):\(line)" }
  }

  /// The lines of an extract that are no records.
  mutating func count(_ part: ExtractLine) {
    lines += 1
    if case .leftOut(let numbers, _) = part { notHere.add(numbers) }
  }

  /// What an extract does not hold; nil of whole logs.
  var absence: String? {
    notHere.count > 0 ? "an extract of a log: \(notHere.count) lines are left out of it" : nil
  }

  mutating func countClientsID() { clientsIDs += 1 }

  /// The answer of a gate has the client's id where the client sent one, so people ask for that.
  var clientsIDHint: String? {
    guard clientsIDs > 0 else { return nil }
    let (lines, them) = clientsIDs == 1 ? ("1 line has", "it") : ("\(clientsIDs) lines have", "them")
    return "\(lines) that id from the client, and not as the gate's own: --request-id finds \(them)"
  }

  mutating func countBlank() {
    lines += 1
    blank += 1
  }

  var text: String {
    var text = "\(lines) lines read, \(shown) found"
    let reasons: [(Int, String)] = [
      (answers[.differs] ?? 0, "do not match"), (answers[.noRequest] ?? 0, "are about no request"),
      (answers[.noTime] ?? 0, "have no readable time"), (blank, "are empty"),
    ]
    let leftOut = reasons.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
    if !leftOut.isEmpty { text += "; left out: " + leftOut.joined(separator: ", ") }
    guard let firstFault else { return text }
    let kinds = RecordedEntry.Fault.allCases.compactMap { fault in
      faults[fault].map { "\($0) \(fault.rawValue)" }
    }
    return text + "; unreadable: " + kinds.joined(separator: ", ") + ", the first at \(firstFault)"
  }
}
