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

  /// Bytes that a scan reads before others have their turn, where the text may be long: some two thousand peerings, or
  /// four milliseconds of the worst text there is.
  package static let scannedBytesPerTurn = 1 << 20
  /// Bytes of one string, of one number, and of space in a row: what a scan reads in one go. Consul's longest are
  /// certificates, of a few thousand.
  package static let scannedTokenBytes = 1 << 20
  /// Bytes of an element that those behind it are compared with. Consul's have a few hundred, and some ten for each
  /// exported service.
  static let templateBytes = 64 << 10

  /// How much of an offending key an error quotes.
  static let quotedBytes = 40
}
