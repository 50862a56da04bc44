// Every size and count that this module refuses to go beyond.

/// What one message may cost before it is refused.
///
/// The same limits serve both directions: a client's request is refused with the status that fits, a reply of
/// Consul's that goes beyond them is malformed (502). A proxy will want a larger `bodyBytes` for replies.
package struct HTTPLimits: Sendable, Hashable {
  /// Bytes of the request line or status line, without its CRLF: 414.
  package var startLineBytes = 8 * 1024
  /// Bytes of one field line, without its CRLF: 431.
  package var fieldLineBytes = 8 * 1024
  /// Field lines of one head, and of one trailer section: 431.
  package var fieldCount = 100
  /// Bytes of a whole head, from the start line to the empty line inclusive: 431. For replies the interim
  /// (1xx) heads before the final one count with it; for chunked bodies it bounds the trailer section too.
  package var headBytes = 32 * 1024
  /// Bytes of content, after the transfer coding is removed: 413.
  package var bodyBytes = 1024 * 1024
  /// Bytes of chunk extensions, each chunk's measured for itself: 400.
  package var chunkExtensionBytes = 256
  /// Bytes of chunk extensions of a whole body: 400. Without it one-byte chunks would make the receiver
  /// read hundreds of bytes for each one it keeps.
  package var chunkExtensionTotalBytes = 16 * 1024

  /// Digits of a chunk size. Sixteen say more than any body may hold, and cannot overflow 64 bits.
  package static let chunkSizeDigits = 16
  /// Digits of a Content-Length: nineteen nines would overflow a signed 64-bit count, eighteen cannot.
  package static let contentLengthDigits = 18
  /// Bytes of a head that a connection keeps, to know the next one by it. The usual one fits; what a large one took is
  /// given back with its request.
  package static let keptHeadBytes = 4 * 1024
  /// Bytes reserved for a head that is written: one of ours fits.
  static let reservedHeadBytes = 512
  /// Bytes reserved for a body before any of it came. A stranger's promise alone must not take much memory; Consul is
  /// believed more.
  package var reservedBodyBytes = 64 * 1024

  package static let standard = HTTPLimits()

  package init() {}

  /// The first relation between the limits that does not hold, as a sentence for the operator; nil if sound.
  package var contradiction: String? {
    if startLineBytes < 64 { return "the start line needs at least 64 bytes" }
    if fieldLineBytes < 64 { return "a field line needs at least 64 bytes" }
    if fieldCount < 1 { return "a request needs at least one field, Host" }
    if headBytes < startLineBytes || headBytes < fieldLineBytes {
      return "the head cannot be smaller than one of its lines"
    }
    // Field records keep their places in 32 bits.
    if headBytes > 16 * 1024 * 1024 { return "a head above 16 MiB is not supported" }
    if bodyBytes < 0 || chunkExtensionBytes < 0 || chunkExtensionTotalBytes < 0 {
      return "a limit cannot be negative"
    }
    return nil
  }
}
