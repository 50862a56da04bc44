// Whether a Host field names a host.

/// RFC 9110 7.2, RFC 3986 3.2: Host = uri-host [ ":" port ]; uri-host = IP-literal / IPv4address / reg-name.
///
/// An empty host is legal there and useless here. User information, a path or a blank are never part of it.
enum Authority {
  static func isValid(_ bytes: Span<UInt8>) -> Bool {
    guard let first = bytes.isEmpty ? nil : bytes[0] else { return false }
    let hostEnd = first == 0x5B ? endOfLiteral(bytes) : endOfRegisteredName(bytes)
    guard let hostEnd, hostEnd > 0 else { return false }
    return hostEnd == bytes.count || isPort(bytes.extracting(hostEnd..<bytes.count))
  }

  /// IP-literal = "[" IPv6address "]". The address is not taken apart: nothing here connects to it.
  private static func endOfLiteral(_ bytes: Span<UInt8>) -> Int? {
    var index = 1
    while index < bytes.count, bytes[index] != 0x5D {
      let byte = bytes[index]
      guard ASCII.hexadecimalValue(byte) != nil || byte == ASCII.colon || byte == 0x2E else { return nil }
      index += 1
    }
    return index < bytes.count && index > 2 ? index + 1 : nil
  }

  private static func endOfRegisteredName(_ bytes: Span<UInt8>) -> Int? {
    var index = 0
    while index < bytes.count, bytes[index] != ASCII.colon {
      if bytes[index] == ASCII.percent {
        guard Escape.isWhole(bytes, at: index) else { return nil }
        index += 3
      } else {
        guard ByteClass.registeredName.contains(bytes[index]) else { return nil }
        index += 1
      }
    }
    return index
  }

  /// ":" 1*DIGIT, up to 65535.
  private static func isPort(_ bytes: Span<UInt8>) -> Bool {
    guard (2...6).contains(bytes.count), bytes[0] == ASCII.colon else { return false }
    var port = 0
    for index in 1..<bytes.count {
      guard ASCII.isDigit(bytes[index]) else { return false }
      port = port * 10 + Int(bytes[index] - ASCII.zero)
    }
    return port <= 65535
  }
}

/// RFC 3986 2.1: pct-encoded = "%" HEXDIG HEXDIG.
enum Escape {
  static func isWhole(_ bytes: Span<UInt8>, at index: Int) -> Bool {
    index + 2 < bytes.count && ASCII.hexadecimalValue(bytes[index + 1]) != nil
      && ASCII.hexadecimalValue(bytes[index + 2]) != nil
  }
}
