// A text as JSON writes it, made once.

/// A string with its quotation marks and escapes: for what is written into line after line, so that it is looked
/// through for characters to escape when it is made and then only copied.
package struct QuotedString: Sendable, Hashable {
  package let json: [UInt8]

  package init(_ text: String) {
    var writer = Writer()
    writer.string(text)
    json = writer.finish()
  }
}

extension QuotedString: ExpressibleByStringLiteral {
  package init(stringLiteral text: String) { self.init(text) }
}
