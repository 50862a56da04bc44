// The character classes of RFC 9110 and RFC 3986, one bit test each.

/// A set of ASCII bytes; bytes from 0x80 up belong to none.
struct ByteClass: Sendable {
  // Two words instead of a table: no memory to touch and no bounds to check. Written as constants, since a
  // class made at run time would be guarded by a once-check at every use. Tests compare them with the
  // characters.
  private let low: UInt64
  private let high: UInt64

  @inline(__always)
  func contains(_ byte: UInt8) -> Bool {
    let word = byte & 0x40 == 0 ? low : high
    return byte < 0x80 && (word &>> UInt64(byte & 0x3F)) & 1 != 0
  }

  /// RFC 9110 5.6.2: tchar, which is letters, digits and ``!#$%&'*+-.^_`|~``.
  static let token = ByteClass(low: 0x03ff_6cfa_0000_0000, high: 0x57ff_ffff_c7ff_fffe)

  /// RFC 3986 3.3: pchar and `/`, which is letters, digits and `-._~!$&'()*+,;=:@/`; without the escapes,
  /// which take three bytes and are checked as such.
  static let path = ByteClass(low: 0x2fff_ffd2_0000_0000, high: 0x47ff_fffe_87ff_ffff)

  /// RFC 3986 3.4: what a path may hold, and `?`.
  static let query = ByteClass(low: 0xafff_ffd2_0000_0000, high: 0x47ff_fffe_87ff_ffff)

  /// RFC 3986 3.2.2: reg-name without the escapes: letters, digits and `-._~!$&'()*+,;=`.
  static let registeredName = ByteClass(low: 0x2bff_7fd2_0000_0000, high: 0x47ff_fffe_87ff_fffe)

  /// RFC 3986 2.3: what stands for itself wherever it is put: letters, digits and `-._~`.
  static let unreserved = ByteClass(low: 0x03ff_6000_0000_0000, high: 0x47ff_fffe_87ff_fffe)

  /// What is accepted as an X-Request-Id: letters, digits and `-._`, nothing that a log or a shell takes
  /// for syntax.
  static let requestIdentifier = ByteClass(low: 0x03ff_6000_0000_0000, high: 0x07ff_fffe_87ff_fffe)
}

/// Bytes that this grammar gives a meaning to.
enum ASCII {
  static let tab: UInt8 = 0x09
  static let lineFeed: UInt8 = 0x0A
  static let carriageReturn: UInt8 = 0x0D
  static let space: UInt8 = 0x20
  static let percent: UInt8 = 0x25
  static let asterisk: UInt8 = 0x2A
  static let comma: UInt8 = 0x2C
  static let slash: UInt8 = 0x2F
  static let zero: UInt8 = 0x30
  static let colon: UInt8 = 0x3A
  static let semicolon: UInt8 = 0x3B
  static let questionMark: UInt8 = 0x3F
  static let delete: UInt8 = 0x7F

  /// RFC 9110 5.5: VCHAR, obs-text, SP and HTAB, which is everything but the control bytes.
  @inline(__always)
  static func isFieldContent(_ byte: UInt8) -> Bool { (byte >= space && byte != delete) || byte == tab }

  @inline(__always)
  static func isWhitespace(_ byte: UInt8) -> Bool { byte == space || byte == tab }

  @inline(__always)
  static func isDigit(_ byte: UInt8) -> Bool { byte &- zero < 10 }

  @inline(__always)
  static func lowercased(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

  @inline(__always)
  static func hexadecimalValue(_ byte: UInt8) -> UInt8? {
    if isDigit(byte) { return byte &- zero }
    let letter = byte | 0x20
    return letter &- 0x61 < 6 ? letter &- 0x61 &+ 10 : nil
  }
}
