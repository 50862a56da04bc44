// One table of a report, before it is text, a page or JSON.
package import Bytes

package struct ReportSection: Sendable {
  package struct Column: Sendable {
    package let key: String
    package let title: String
    package let isNumber: Bool

    package init(_ key: String, _ title: String, isNumber: Bool = false) {
      self.key = key
      self.title = title
      self.isNumber = isNumber
    }
  }

  package let key: String
  package let title: String
  /// What the reader must know to read the table.
  package var note: String?
  /// What stands there when there is no row.
  package let empty: String
  package let columns: [Column]
  package private(set) var rows: [[ByteString?]] = []
  /// What the table has no room for: rows, and after the semicolon what to do about it.
  package private(set) var leftOut = 0

  private let limit: Int

  package init(
    _ key: String, _ title: String, columns: [Column], empty: String = "None.", limit: Int,
    note: String? = nil
  ) {
    self.key = key
    self.title = title
    self.columns = columns
    self.empty = empty
    self.limit = limit
    self.note = note
  }

  package mutating func add(_ row: [ByteString?]) {
    if rows.count < limit { rows.append(row.map { $0?.cut }) } else { leaveOut(1) }
  }

  package mutating func leaveOut(_ count: Int) { leftOut = leftOut.addingClamped(count) }

  package var remark: String? {
    leftOut == 0
      ? nil : "\(leftOut) more are left out here; ask for a shorter period, or for more rows with --rows."
  }
}

/// Values as bars, with what somebody hears who does not see them.
package struct ReportChart: Sendable {
  package struct Series: Sendable {
    package let name: String
    package let values: [Int]
  }

  package let title: String
  package let description: String
  /// Of each value; the chart shows the first and the last.
  package let labels: [String]
  package let series: [Series]
}

package struct ReportDocument: Sendable {
  package enum Verdict: String, Sendable {
    case sound = "SOUND"
    case notSound = "NOT SOUND"
    case notChecked = "NOT CHECKED"
    /// Lines of a log, each of them proven, and others missing.
    case extract = "EXTRACT"
  }

  package let verdict: Verdict
  /// What the verification says, the worst first.
  package let sentences: [String]
  package let made: ByteString
  package let sections: [ReportSection]
  package let charts: [ReportChart]

  package init(
    verdict: Verdict, sentences: [String], made: ByteString, sections: [ReportSection], charts: [ReportChart]
  ) {
    self.verdict = verdict
    self.sentences = sentences
    self.made = made
    self.sections = sections
    self.charts = charts
  }
}
