// Every size that a JSON text may have before it is refused.

/// What one text may cost its reader. The parser's tree needs up to about a hundred bytes for each byte
/// of input (`[0,0,0`), so the count of values is limited as well as the length.
package struct Limits: Sendable, Hashable {
  package var textBytes: Int
  package var depth: Int
  package var values: Int

  package init(textBytes: Int, depth: Int, values: Int) {
    self.textBytes = textBytes
    self.depth = depth
    self.values = values
  }

  /// For files that an operator wrote. A caller that parses what a stranger sent passes tighter ones.
  package static let standard = Limits(textBytes: 64 << 20, depth: 64, values: 1 << 21)

  /// How deep arrays and objects may be nested in a list that is scanned in place, the list itself
  /// included. The scanner remembers the open brackets in the bits of one word.
  package static let scannedDepth = 64

  /// How much of an offending key an error quotes.
  static let quotedBytes = 40
}
