// The decisions of an audit file, one for each request.
import Bytes

/// Reads lines in order and joins the two of a change: it was decided once. Counts what it leaves out, and why.
package struct AuditedDecisions: Sendable {
  /// A decision and the number of its line.
  package typealias Found = (request: AuditedRequest, line: Int)

  package private(set) var lineNumber = 0
  /// Requests that were refused before anybody judged them.
  package private(set) var refusedCount = 0
  /// Lines that the gate and the log wrote of themselves.
  package private(set) var noRequestCount = 0
  /// Answers that were counted and have no line of their own: what they needed nobody can know.
  package private(set) var unrecordedCount = 0
  /// Lines about something else.
  package private(set) var otherCount = 0
  /// Lines that are no JSON, and the numbers of the first hundred.
  package private(set) var brokenCount = 0
  package private(set) var brokenLines: [Int] = []
  /// Lines of JSON that are no records.
  package private(set) var noRecordCount = 0

  /// What these lines tell of nobody knows.
  package var unreadableCount: Int { brokenCount + noRecordCount }

  /// Changes whose intent was read and whose completion was not: they were decided all the same.
  private var open: [ByteString: Found] = [:]

  private let openLimit: Int

  package init(openLimit: Int = PolicyLimits.openIntents) { self.openLimit = openLimit }

  /// Takes the next line, without its newline; `length` is what it had before it was cut.
  package mutating func read(_ line: Span<UInt8>, length: Int? = nil) -> Found? {
    lineNumber += 1
    if line.isEmpty { return nil }
    do throws(AuditedRequest.Fault) {
      if let length, length > line.count { throw .notJSON }
      let request = try AuditedRequest(line)
      if request.isComplete {
        open[request.id] = nil
        return (request, lineNumber)
      }
      // Intents without an end are few, unless somebody forged them.
      guard open.count < openLimit else { return (request, lineNumber) }
      open[request.id] = (request, lineNumber)
    } catch {
      count(error)
    }
    return nil
  }

  /// What was decided and not completed, in the order of the lines. To be called after the last line.
  package mutating func finish() -> [Found] {
    defer { open = [:] }
    return open.values.sorted { $0.line < $1.line }
  }

  private mutating func count(_ fault: AuditedRequest.Fault) {
    switch fault {
    case .noDecision: otherCount += 1
    case .refused: refusedCount += 1
    case .noRequest: noRequestCount += 1
    case .unrecorded(let count): unrecordedCount = min(unrecordedCount, .max - count) + count
    case .noRecord, .notChained: noRecordCount += 1
    case .notJSON:
      brokenCount += 1
      if brokenLines.count < 100 { brokenLines.append(lineNumber) }
    }
  }

  /// `3 refused before they were judged, 1 not JSON`; empty if nothing was left out.
  package var leftOut: String {
    [
      (unrecordedCount, "reads and lists of level none, which have no line to tell what they needed"),
      (refusedCount, "refused before they were judged"), (noRequestCount, "about no request"),
      (otherCount, "about no peering operation that can be asked again"), (brokenCount, "not JSON"),
      (noRecordCount, "no audit records"),
    ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
  }
}
