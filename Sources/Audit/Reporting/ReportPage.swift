// A report as one page that needs nothing besides itself.
import Bytes

/// HTML without scripts and without anything from elsewhere, so that it can be kept and handed on as evidence. Every text
/// of the log is escaped, in one place; the content security policy would stop what slipped through.
///
/// It keeps to WCAG 2.2 AA: contrast of at least 4.5 for text and 3 for bars in both colour schemes, nothing told by
/// colour alone, tables with captions and header cells, wide ones to be scrolled by keyboard, charts with titles and
/// descriptions.
package enum ReportPage {
  package static func text(_ report: ReportDocument) -> String {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
    base-uri 'none'; form-action 'none'">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="referrer" content="no-referrer">
    <title>Audit report: \(escaped(ByteString(report.verdict.rawValue).lowercasedASCII.string))</title>
    <style>\(style)</style>
    </head>
    <body>
    <header>
    <h1>Audit report</h1>
    <p>Made <time>\(escaped(report.made.shown))</time> by peergate audit report.</p>
    </header>
    <nav aria-label="Contents"><ul>
    \(contents(report))
    </ul></nav>
    <main>
    <section>
    <h2 id="verification">Verification</h2>
    <p class="verdict">\(report.verdict.rawValue)</p>
    <ul>\(report.sentences.map { "<li>\(escaped(ByteString($0).shown))</li>" }.joined(separator: "\n"))</ul>
    </section>
    \(report.sections.map(section).joined(separator: "\n"))
    <section>
    <h2 id="charts">Charts</h2>
    \(report.charts.isEmpty ? "<p>None.</p>" : report.charts.enumerated().map { ReportDrawing.figure($1, $0) }
      .joined(separator: "\n"))
    </section>
    </main>
    </body>
    </html>

    """
  }

  private static func contents(_ report: ReportDocument) -> String {
    let links =
      [("verification", "Verification")] + report.sections.map { ($0.key, $0.title) } + [("charts", "Charts")]
    return links.map { "<li><a href=\"#\($0)\">\(escaped($1))</a></li>" }.joined(separator: "\n")
  }

  private static func section(_ section: ReportSection) -> String {
    var text = "<section>\n<h2 id=\"\(section.key)\">\(escaped(section.title))</h2>\n"
    if let note = section.note { text += "<p>\(escaped(note))</p>\n" }
    if section.rows.isEmpty, section.leftOut == 0 {
      return text + "<p>\(escaped(section.empty))</p>\n</section>"
    }
    text += "<div class=\"wide\" role=\"region\" aria-labelledby=\"\(section.key)\" tabindex=\"0\"><table>\n"
    text += "<caption>\(escaped(section.title))</caption>\n<thead><tr>"
    for column in section.columns {
      text += "<th scope=\"col\"\(column.isNumber ? " class=\"number\"" : "")>\(escaped(column.title))</th>"
    }
    text += "</tr></thead>\n<tbody>\n"
    for row in section.rows {
      text += "<tr>"
      for (column, value) in zip(section.columns, row) {
        let value = value.flatMap { $0.isEmpty ? nil : $0.shown } ?? "–"
        // A long name breaks anywhere rather than push the others off the page; a word does not.
        let kind = column.isNumber ? "number" : value.utf8.count > shortTextBytes ? "long" : ""
        text += "<td\(kind.isEmpty ? "" : " class=\"\(kind)\"")>\(escaped(value))</td>"
      }
      text += "</tr>\n"
    }
    text += "</tbody></table></div>\n"
    if let remark = section.remark { text += "<p>\(escaped(remark))</p>\n" }
    return text + "</section>"
  }

  /// As long as words and outcomes are.
  private static let shortTextBytes = 16

  /// As text or as a quoted attribute.
  static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  private static let style = """

    :root { color-scheme: light dark; --text: #1b1b1b; --page: #fff; --line: #767676; --bar: #0b5cad; --link: #0b4f94 }
    @media (prefers-color-scheme: dark) {
      :root { --text: #ececec; --page: #121212; --line: #8f8f8f; --bar: #6cb2ff; --link: #8cc4ff }
    }
    body { margin: 0 auto; max-width: 80rem; padding: 1rem; background: var(--page); color: var(--text);
      font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere }
    a { color: var(--link); text-decoration: underline }
    :focus-visible { outline: 3px solid var(--bar); outline-offset: 2px }
    nav ul { columns: 16rem; padding-left: 1.2rem } nav a { display: inline-block; min-height: 1.5rem }
    .verdict { font-size: 1.5rem; font-weight: bold; border: 2px solid var(--line); padding: .5rem 1rem }
    .wide { overflow-x: auto }
    table { border-collapse: collapse; width: 100% }
    caption { text-align: left; font-weight: bold; padding: .25rem 0 }
    th, td { border: 1px solid var(--line); padding: .25rem .5rem; text-align: left; vertical-align: top;
      overflow-wrap: normal }
    .long { overflow-wrap: anywhere; min-width: 9rem; max-width: 24rem }
    .number { text-align: right; font-variant-numeric: tabular-nums }
    svg { width: 100%; min-width: 45rem; max-width: 60rem; height: auto; color: var(--text) }
    svg text { fill: currentColor; font: 14px system-ui, sans-serif }
    svg .bar { fill: var(--bar) } svg .axis { stroke: var(--line) }
    figure { margin: 1rem 0 }
    @media print {
      :root { color-scheme: light; --text: #000; --page: #fff; --line: #555; --bar: #0b5cad; --link: #000 }
      nav { display: none } .wide { overflow: visible } thead { display: table-header-group }
      tr, figure { break-inside: avoid } body { max-width: none; font-size: 8pt }
      th, td { padding: .1rem .2rem } .long { min-width: 4rem; max-width: 18rem } svg { min-width: 0 }
    }

    """
}
