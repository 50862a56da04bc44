// A report as JSON.
import Bytes
import JSON

package enum ReportObject {
  package static func text(_ report: ReportDocument) -> String {
    var writer = Writer()
    writer.beginObject()
    writer.member("made", report.made.string)
    writer.beginObject("verification")
    writer.member("verdict", report.verdict.rawValue)
    writer.beginArray("sentences")
    for sentence in report.sentences { writer.string(ByteString(sentence).shown) }
    writer.endArray()
    writer.endObject()
    for section in report.sections {
      writer.key(section.key)
      writer.beginObject()
      writer.beginArray("rows")
      for row in section.rows { write(row, section, to: &writer) }
      writer.endArray()
      writer.member("left_out", section.leftOut)
      writer.endObject()
    }
    writer.endObject()
    return String(decoding: writer.finish(), as: UTF8.self)
  }

  private static func write(_ row: [ByteString?], _ section: ReportSection, to writer: inout Writer) {
    writer.beginObject()
    for (column, value) in zip(section.columns, row) {
      guard let value else { continue }
      writer.key(column.key)
      if column.isNumber, let number = Int(value.string) {
        writer.number(number)
      } else {
        writer.string(value.shown)
      }
    }
    writer.endObject()
  }
}
