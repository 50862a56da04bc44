// What may follow a chunk's size.

/// RFC 9112 7.1.1: chunk-ext = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] ), where the
/// name is a token and the value a token or a quoted string. Read to be checked; it has no meaning here.
///
/// The blanks, which the grammar calls bad, are refused: a size followed by a blank has been read in
/// different ways.
enum ChunkExtension {
  static func check(_ bytes: Span<UInt8>) throws(Malformed) {
    var index = 0
    while index < bytes.count {
      guard bytes[index] == ASCII.semicolon else { throw index == 0 ? .chunkSize : .chunkExtension }
      index = try token(bytes, from: index + 1)
      guard index < bytes.count, bytes[index] == 0x3D else { continue }
      if index + 1 < bytes.count, bytes[index + 1] == 0x22 {
        index = try quotedString(bytes, from: index + 2)
      } else {
        index = try token(bytes, from: index + 1)
      }
    }
  }

  private static func token(_ bytes: Span<UInt8>, from start: Int) throws(Malformed) -> Int {
    var index = start
    while index < bytes.count, ByteClass.token.contains(bytes[index]) { index += 1 }
    guard index > start else { throw .chunkExtension }
    return index
  }

  /// RFC 9110 5.6.4, after the opening quote. Control bytes cannot be here: the line scanner has seen to
  /// that.
  private static func quotedString(_ bytes: Span<UInt8>, from start: Int) throws(Malformed) -> Int {
    var index = start
    while index < bytes.count, bytes[index] != 0x22 { index += bytes[index] == 0x5C ? 2 : 1 }
    guard index < bytes.count else { throw .chunkExtension }
    return index + 1
  }
}
