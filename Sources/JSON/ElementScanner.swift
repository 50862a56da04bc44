// Walks a list of objects in place, so that chosen elements can be passed on byte for byte.

/// Finds the elements of one top-level array, and in each the members of a few names, without building a
/// tree and without copying.
///
/// What a scan that ends without an error has proven about the text:
/// - it is one array, and every element and everything in it follows the grammar of RFC 8259: brackets
///   balanced and matched, strings closed, no control byte in them, known escapes only, numbers and words
///   well formed, keys strings, commas and colons in place, valid UTF-8, nothing but space behind the array;
/// - any selection of its elements, joined by commas between brackets, is therefore JSON as well.
///
/// Not proven: that surrogate escapes come in pairs and that names other than the sought ones are unique.
/// Both are passed on as they are and decided by the client's own parser.
package struct ElementScanner: Sendable {
  private let names: SoughtNames

  /// One name or two, of at most 63 bytes; findings are asked for by their order here.
  package init(seeking names: [String]) {
    self.names = SoughtNames(names)
  }

  /// Calls `body` for each element in order. An error may come after some elements were reported: nothing
  /// may leave before the scan has ended. Nesting beyond `Limits.scannedDepth` is an error.
  package func scan(
    _ list: Span<UInt8>, _ body: (ScannedElement) -> Void
  ) throws(Malformation) {
    try scan(list, expecting: "'['") { (cursor) throws(ScanFault) in try cursor.list(body) }
  }

  /// The one value of a text that is no list, as if it were an element of one.
  package func scan(value text: Span<UInt8>) throws(Malformation) -> ScannedElement {
    var element = ScannedElement()
    try scan(text, expecting: "a value") { (cursor) throws(ScanFault) in element = try cursor.only() }
    return element
  }

  private func scan(
    _ text: Span<UInt8>, expecting beginning: StaticString,
    _ body: (inout ScanCursor) throws(ScanFault) -> Void
  ) throws(Malformation) {
    do throws(ScanFault) {
      // Bounds-checked access costs a third of the speed here; every access of ScanCursor's is preceded by
      // its own comparison with the end.
      try unsafe text.withUnsafeBufferPointer { (buffer) throws(ScanFault) in
        guard let base = buffer.baseAddress else { throw ScanFault(.end(beginning), 0) }
        var cursor = unsafe ScanCursor(ScannedBytes(buffer, base: base), names: names)
        try body(&cursor)
      }
    } catch {
      throw error.malformation(in: text)
    }
  }
}
