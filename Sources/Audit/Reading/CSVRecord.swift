// One line of comma-separated values.
package import Bytes

/// RFC 4180: fields with a comma, a quotation mark or a break of lines stand in quotation marks, which are doubled
/// inside. Control characters and others that nobody sees are written as escapes, so there is no break of lines.
///
/// A spreadsheet takes a field that begins with one of a few characters for a formula, and runs it: what a client
/// wrote into a path would run on the auditor's machine. Such a field gets an apostrophe in front, which
/// spreadsheets take for "this is text".
package enum CSVRecord {
  package static func line(_ fields: [ByteString?]) -> String {
    fields.map { field($0?.shown ?? "") }.joined(separator: ",") + "\r\n"
  }

  private static func field(_ text: String) -> String {
    // Some programs trim a field before they look at it.
    let first = text.unicodeScalars.first { !$0.properties.isWhitespace }
    let text = first.map { formulaStarts.contains($0) } == true ? "'" + text : text
    guard text.utf8.contains(where: quoted.contains) else { return text }
    let mark = UInt8(ascii: "\"")
    let doubled = text.utf8.flatMap { $0 == mark ? [mark, mark] : [$0] }
    return String(decoding: [mark] + doubled + [mark], as: UTF8.self)
  }

  /// Also their full-width forms, which are the same to some spreadsheets.
  private static let formulaStarts: Set<Unicode.Scalar> = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "|", "%"]
  /// Where a comma is the decimal point, programs separate at semicolons; a blank at an edge would be trimmed.
  private static let quoted: Set<UInt8> = Set(",\";\n\r ".utf8)
}
