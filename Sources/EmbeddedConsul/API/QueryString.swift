// The query of a request as Go's net/url parses it.

import Bytes

/// Keys are case-sensitive, the first value of a repeated key counts, and a flag counts by being there.
struct QueryString: Sendable {
  private var values: [ByteString: ByteString] = [:]

  /// - Returns: nil if any part holds a semicolon or a bad escape: Consul then answers 500.
  init?(_ raw: ArraySlice<UInt8>) {
    for part in raw.split(separator: UInt8(ascii: "&")) {
      if part.contains(UInt8(ascii: ";")) { return nil }
      let equals = part.firstIndex(of: UInt8(ascii: "=")) ?? part.endIndex
      guard let key = PercentEncoding.decode(part[..<equals], plusIsSpace: true),
        let value = PercentEncoding.decode(part[equals...].dropFirst(), plusIsSpace: true)
      else { return nil }
      let name = goText(key)
      if values[name] == nil { values[name] = goText(value) }
    }
  }

  func has(_ key: ByteString) -> Bool { values[key] != nil }

  /// Empty and absent are the same, as everywhere in Consul.
  func value(_ key: ByteString) -> ByteString? {
    guard let value = values[key], !value.isEmpty else { return nil }
    return value
  }
}
