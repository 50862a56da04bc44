// A target to send: built from parts, each escaped, so that no part can become two.

/// RFC 9112 3.2.1: origin-form. There is no way to put bytes in unescaped but as a literal of the program's.
package struct RequestTarget: Sendable, Hashable {
  package private(set) var bytes: [UInt8]
  private var hasQuery = false

  /// `path` begins with `/` and holds what RFC 3986 allows in a path.
  package init(path: StaticString) {
    bytes = []
    bytes.reserveCapacity(128)
    bytes.append(path)
    precondition(bytes.first == ASCII.slash && bytes.allSatisfy(ByteClass.path.contains))
  }

  /// Appends to the path, escaping everything but unreserved characters: a `/` or `?` in `segment` stays
  /// inside it.
  package mutating func append(segment: Span<UInt8>) {
    precondition(!hasQuery, "the path is closed once a query is begun")
    escape(segment)
  }

  package mutating func append(query name: StaticString, value: Span<UInt8>) {
    append(flag: name)
    bytes.append(0x3D)
    escape(value)
  }

  package mutating func append(query name: StaticString, value: UInt64) {
    append(flag: name)
    bytes.append(0x3D)
    bytes.append(decimal: value)
  }

  /// A query key without a value.
  package mutating func append(flag name: StaticString) {
    bytes.append(hasQuery ? 0x26 : ASCII.questionMark)
    hasQuery = true
    bytes.append(name)
  }

  private mutating func escape(_ part: Span<UInt8>) {
    let isPlain = part.indices.allSatisfy { ByteClass.unreserved.contains(part[$0]) }
    if isPlain { return bytes.append(part) }
    for index in part.indices {
      let byte = part[index]
      if ByteClass.unreserved.contains(byte) {
        bytes.append(byte)
      } else {
        bytes.append(ASCII.percent)
        bytes.append(Self.hexadecimalDigit(byte >> 4))
        bytes.append(Self.hexadecimalDigit(byte & 0x0F))
      }
    }
  }

  private static func hexadecimalDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x37 + value }
}
