// Bars as inline SVG.

enum ReportDrawing {
  private static let width = 900
  private static let barsWidth = 640
  private static let left = 240

  /// `index` makes the names in the page unique.
  static func figure(_ chart: ReportChart, _ index: Int) -> String {
    let (title, description) = ("chart\(index)title", "chart\(index)description")
    let isOverTime = chart.series.count > 1
    let drawing = isOverTime ? rows(chart) : bars(chart)
    return """
      <figure>
      <div class="wide" role="region" aria-label="\(ReportPage.escaped(chart.title))" tabindex="0">
      <svg viewBox="0 0 \(width) \(drawing.height)" role="img" aria-labelledby="\(title) \(description)">
      <title id="\(title)">\(ReportPage.escaped(chart.title))</title>
      <desc id="\(description)">\(ReportPage.escaped(chart.description))</desc>
      \(drawing.shapes.joined(separator: "\n"))
      </svg></div>
      <figcaption>\(ReportPage.escaped(chart.title)): \(ReportPage.escaped(chart.description))</figcaption>
      </figure>
      """
  }

  /// One row of columns for each series, so that no colour has to tell them apart.
  private static func rows(_ chart: ReportChart) -> (shapes: [String], height: Int) {
    let (height, gap) = (80, 30)
    var shapes: [String] = []
    for (row, series) in chart.series.enumerated() {
      let bottom = row * (height + gap) + height + 10
      let most = max(1, series.values.max() ?? 1)
      let step = Double(barsWidth) / Double(max(1, series.values.count))
      shapes.append(text(0, bottom - height / 2, "\(series.name), at most \(most)"))
      for (index, value) in series.values.enumerated() where value > 0 {
        // Whatever is not nothing can be seen.
        let size = max(2, Double(value) / Double(most) * Double(height))
        let x = Double(left) + Double(index) * step
        shapes.append(
          "<rect class=\"bar\" x=\"\(rounded(x))\" y=\"\(rounded(Double(bottom) - size))\" "
            + "width=\"\(rounded(max(1, step - 1)))\" height=\"\(rounded(size))\"/>")
      }
      shapes.append(
        "<line class=\"axis\" x1=\"\(left)\" y1=\"\(bottom)\" x2=\"\(left + barsWidth)\" y2=\"\(bottom)\"/>")
    }
    let end = chart.series.count * (height + gap) + 20
    shapes.append(text(left, end, chart.labels.first ?? ""))
    shapes.append(text(left + barsWidth, end, chart.labels.last ?? "", isAtEnd: true))
    return (shapes, end + 10)
  }

  private static func bars(_ chart: ReportChart) -> (shapes: [String], height: Int) {
    let values = chart.series.first?.values ?? []
    let most = max(1, values.max() ?? 1)
    var shapes: [String] = []
    for (row, (label, value)) in zip(chart.labels, values).enumerated() {
      let top = row * 30 + 5
      let size = max(2, Double(value) / Double(most) * Double(barsWidth - 100))
      let name = label.unicodeScalars.count > 28 ? String(label.unicodeScalars.prefix(27)) + "…" : label
      shapes.append(text(0, top + 16, name))
      shapes.append(
        "<rect class=\"bar\" x=\"\(left)\" y=\"\(top)\" width=\"\(rounded(size))\" height=\"22\"/>")
      shapes.append(text(left + Int(size) + 8, top + 16, "\(value)"))
    }
    return (shapes, values.count * 30 + 10)
  }

  private static func text(_ x: Int, _ y: Int, _ text: String, isAtEnd: Bool = false) -> String {
    "<text x=\"\(x)\" y=\"\(y)\"\(isAtEnd ? " text-anchor=\"end\"" : "")>\(ReportPage.escaped(text))</text>"
  }

  private static func rounded(_ value: Double) -> String {
    let tenths = Int((value * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
