// Columns of text: the first to the left, numbers to the right.

struct Table {
  let header: [String]
  private(set) var rows: [[String]] = []

  init(_ header: String...) { self.header = header }

  mutating func add(_ row: [String]) { rows.append(row) }

  var text: String { leftAligned(from: .max) }

  /// The columns from that one on are words, not numbers.
  func leftAligned(from first: Int) -> String {
    let all = [header] + rows
    let widths = header.indices.map { column in
      all.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return all.map { row in
      let cells = row.enumerated().map { column, cell in
        let space = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 && first == .max || column >= first ? cell + space : space + cell
      }
      var line = cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }
}

extension Double {
  /// With so many digits after the point, no exponent.
  func rounded(to digits: Int) -> String {
    guard isFinite else { return "-" }
    var scale = 1.0
    for _ in 0..<digits { scale *= 10 }
    let whole = Int((magnitude * scale).rounded())
    let sign = self < 0 && whole > 0 ? "-" : ""
    guard digits > 0 else { return sign + String(whole) }
    return sign + String(whole / Int(scale)) + "." + Population.padded(whole % Int(scale), digits)
  }
}
