// What the page of a report must have so that everybody can read it (WCAG 2.2 AA), as far as its text shows it.
import Bytes
import Foundation
import Testing

@testable import Audit

struct ReportPageTests {
  private let page: String

  /// Every section with rows, and both charts.
  init() throws {
    var report = LogReport(rowLimit: 100)
    report.beginFile()
    let long = String(repeating: "x", count: 600)
    for (index, subject) in ["ci", "\u{0645}\u{0633}\u{062A}", long].enumerated() {
      for outcome in ["allow", "deny"] {
        let line =
          #"{"created_at":"2026-01-0\#(index + 1)T00:00:00.000000Z","event_type":"audit","payload":{"id":"1","#
          + #""auth":{"description":"\#(subject)"},"response":{"status":"200"},"stage":"OperationComplete","#
          + #""peering":{"operation":"delete","peer":"hub"},"decision":{"outcome":"\#(outcome)"}}"#
          + recordEnd
        report.read(try RecordedEntry(line.utf8.span), in: Period())
      }
    }
    page = ReportPage.text(
      ReportDocument(
        verdict: .notSound, sentences: ["one", "two"], made: "now", sections: report.sections,
        charts: report.charts))
  }

  /// Of one scheme, by their names in the style sheet; the first block is the light one.
  private func palette(_ number: Int) throws -> [String: [Double]] {
    let blocks = page.matches(of: /:root \{([^}]*)\}/).map { $0.1 }
    var colors: [String: [Double]] = [:]
    for match in try #require(blocks.indices.contains(number) ? blocks[number] : nil).matches(
      of: /--([a-z]+): #([0-9a-f]{6}|[0-9a-f]{3})/)
    {
      let digits = match.2.count == 3 ? match.2.map { "\($0)\($0)" }.joined() : String(match.2)
      let value = try #require(Int(digits, radix: 16))
      colors[String(match.1)] = [16, 8, 0].map { Double(value >> $0 & 255) / 255 }
    }
    return colors
  }

  /// WCAG 2.2, definition of relative luminance.
  private func luminance(_ color: [Double]) -> Double {
    let linear = color.map { $0 <= 0.04045 ? $0 / 12.92 : pow(($0 + 0.055) / 1.055, 2.4) }
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
  }

  private func contrast(_ one: [Double], _ other: [Double]) -> Double {
    let (first, second) = (luminance(one), luminance(other))
    return (max(first, second) + 0.05) / (min(first, second) + 0.05)
  }

  @Test func `the measure of contrast is the standard's`() {
    #expect(contrast([0, 0, 0], [1, 1, 1]) == 21)
    let gray = [Double](repeating: 0x76 / 255.0, count: 3)
    #expect((4.54...4.55).contains(contrast(gray, [1, 1, 1])))
  }

  @Test(arguments: ["light", "dark", "print"])
  func `text and bars stand out in each scheme`(_ scheme: String) throws {
    let number = ["light": 0, "dark": 1, "print": 2][scheme] ?? 0
    let colors = try palette(number)
    let ground = try #require(colors["page"])
    for name in ["text", "link"] {
      #expect(contrast(try #require(colors[name]), ground) >= 4.5, "\(name) in \(scheme)")
    }
    // Borders of cells, bars and the mark of the focus.
    for name in ["line", "bar"] {
      #expect(contrast(try #require(colors[name]), ground) >= 3, "\(name) in \(scheme)")
    }
  }

  @Test func `it has a language, a title, one first heading, and one main part`() {
    #expect(page.hasPrefix("<!doctype html>\n<html lang=\"en\">"))
    #expect(page.contains("<title>Audit report: not sound</title>"))
    for (tag, count) in [("<h1>", 1), ("<main>", 1), ("<header>", 1), ("<nav aria-label=\"Contents\">", 1)] {
      #expect(page.components(separatedBy: tag).count - 1 == count, "\(tag)")
    }
    // No heading skips a level.
    #expect(page.firstMatch(of: /<h[3-6]/) == nil)
    #expect(page.firstMatch(of: /tabindex="[1-9]/) == nil)
  }

  @Test func `each name of a place in the page is there once, and what refers to one finds it`() {
    let names = page.matches(of: #/ id="([^"]+)"/#).map { String($0.1) }
    #expect(names.count == Set(names).count && !names.isEmpty)
    let references =
      page.matches(of: /href="#([^"]+)"/).map { String($0.1) }
      + page.matches(of: /aria-labelledby="([^"]+)"/).flatMap { $0.1.split(separator: " ").map(String.init) }
    #expect(!references.isEmpty && Set(references).isSubset(of: names))
  }

  @Test func `tables have captions and headers of their columns, and are reached by keyboard`() {
    let tables = page.components(separatedBy: "<table>").dropFirst()
    #expect(tables.count >= 5)
    for table in tables {
      let head = table.prefix { $0 != "\n" }
      #expect(head.isEmpty && table.dropFirst().hasPrefix("<caption>"))
      let headers = table.components(separatedBy: "</thead>")[0]
      #expect(headers.contains("<th scope=\"col\"") && !headers.contains("<th>"))
    }
    // Whatever scrolls sideways can be scrolled without a mouse, and has a name that no other such place has.
    let regions = page.matches(
      of: /<div class="wide" role="region" (aria-label(?:ledby)?="[^"]+") tabindex="0">/)
    #expect(regions.count == page.components(separatedBy: "class=\"wide\"").count - 1)
    #expect(Set(regions.map { $0.1 }).count == regions.count)
    #expect(!page.contains("<section aria"), "a second landmark of the same name")
  }

  @Test func `charts have titles and their figures in words, in which a name moves no number`() {
    let charts = page.components(separatedBy: "<figure>").dropFirst()
    #expect(charts.count == 2)
    for chart in charts {
      let parts = ["role=\"img\"", "<title id=", "<desc id=", "<figcaption>"]
      #expect(parts.allSatisfy(chart.contains), "\(chart)")
    }
    #expect(page.contains("\u{2068}\u{0645}\u{0633}\u{062A}\u{2069} 1"))
  }

  @Test func `a long name breaks, and widens neither its page nor a printed one`() {
    #expect(page.contains("<td class=\"long\">xxxx") && page.contains("<td>delete</td>"))
    #expect(page.contains("sans-serif; overflow-wrap: anywhere"))
    #expect(page.contains("name=\"viewport\" content=\"width=device-width, initial-scale=1\""))
    #expect(!page.contains("user-scalable") && !page.contains("maximum-scale"))
  }
}
