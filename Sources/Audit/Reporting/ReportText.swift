// A report for the terminal.
import Bytes

package enum ReportText {
  package static func text(_ report: ReportDocument) -> String {
    var text = "\(report.verdict.rawValue)\n"
    for sentence in report.sentences { text += "  \(ByteString(sentence).shown)\n" }
    for section in report.sections { text += "\n\(section.title)\n" + table(section) }
    return text + "\nMade \(report.made.shown)\n"
  }

  private static func table(_ section: ReportSection) -> String {
    if section.rows.isEmpty && section.leftOut == 0 { return "  \(section.empty)\n" }
    let rows = section.rows.map { row in row.map { $0.flatMap { $0.isEmpty ? nil : $0.shown } ?? "-" } }
    let head = section.columns.map(\.title)
    let widths = head.indices.map { column in
      min(widestColumn, ([head] + rows).map { $0[column].unicodeScalars.count }.max() ?? 0)
    }
    var text = section.note.map { "  \($0)\n" } ?? ""
    for row in [head] + rows {
      let cells = row.indices.map { column in
        let missing = max(0, widths[column] - row[column].unicodeScalars.count)
        let room = String(repeating: " ", count: missing)
        if section.columns[column].isNumber { return room + row[column] }
        return column == row.count - 1 ? row[column] : row[column] + room
      }
      text += "  " + cells.joined(separator: "  ") + "\n"
    }
    return text + (section.remark.map { "  \($0)\n" } ?? "")
  }

  /// What is longer is shown whole, and its line goes out of step.
  private static let widestColumn = 60
}
