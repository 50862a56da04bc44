// A whole JSON text, parsed strictly to a tree with positions.

package enum Document {
  /// Parses one JSON value with nothing but white space around it.
  ///
  /// Stricter than RFC 8259 wherever that leaves room for two readers to disagree: no repeated key in an
  /// object, no byte order mark, no lone surrogate, only UTF-8.
  package static func parse(
    _ bytes: Span<UInt8>, limits: Limits = .standard
  ) throws(Malformation) -> Node {
    var parser = Parser(limits: limits)
    return try parser.document(bytes)
  }
}
