// Field lines that many heads share, written once.

/// Made by a `HeadWriter`, so it holds whole lines, and nothing that one cannot write.
package struct FieldLines: Sendable {
  let bytes: [UInt8]

  /// What `write` writes.
  package init(_ write: (inout HeadWriter) -> Void) {
    var writer = HeadWriter()
    write(&writer)
    bytes = writer.takeLines()
  }
}
