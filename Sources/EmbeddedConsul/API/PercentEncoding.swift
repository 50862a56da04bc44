// Percent-encoding as Go's net/url reads and writes it (RFC 3986 section 2.1, with Go's choices).

enum PercentEncoding {
  /// - Parameter plusIsSpace: the rule of query strings.
  /// - Returns: nil for a `%` that two hexadecimal digits do not follow.
  static func decode(_ text: ArraySlice<UInt8>, plusIsSpace: Bool = false) -> [UInt8]? {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(text.count)
    var position = text.startIndex
    while position < text.endIndex {
      switch text[position] {
      case UInt8(ascii: "%"):
        guard position + 2 < text.endIndex, let high = hexadecimalValue(text[position + 1]),
          let low = hexadecimalValue(text[position + 2])
        else { return nil }
        decoded.append(high << 4 | low)
        position += 3
      case UInt8(ascii: "+") where plusIsSpace:
        decoded.append(UInt8(ascii: " "))
        position += 1
      case let byte:
        decoded.append(byte)
        position += 1
      }
    }
    return decoded
  }

  /// How Go prints a decoded path.
  static func encodePath(_ path: [UInt8]) -> [UInt8] {
    let digits = Array("0123456789ABCDEF".utf8)
    var encoded: [UInt8] = []
    for byte in path {
      if isPathByte(byte) {
        encoded.append(byte)
      } else {
        encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return encoded
  }

  /// The path as it came if that is one way to write it, else as Go would write it.
  static func escapedPath(raw: ArraySlice<UInt8>, decoded: [UInt8]) -> [UInt8] {
    let isValid = raw.allSatisfy { byte in
      isPathByte(byte) || "!'()*[]%".utf8.contains(byte)
    }
    return isValid ? Array(raw) : encodePath(decoded)
  }

  /// Unreserved, and what a path may hold unescaped.
  private static func isPathByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: "-_.~$&+,/:;=@".utf8.contains(byte)
    }
  }
}
