// Consul's rules for names and metadata, in its words.

import Bytes

enum Validation {
  /// `^[a-z0-9]([a-z0-9\-]{0,61}[a-z0-9])?$`
  static func isPeerName(_ name: ByteString) -> Bool {
    let bytes = Array(name.utf8)
    guard (1...ConsulLimits.peerNameBytes).contains(bytes.count), let first = bytes.first,
      let last = bytes.last
    else { return false }
    return isAlphanumeric(first) && isAlphanumeric(last)
      && bytes.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
  }

  static func peerNameFault(_ name: ByteString) -> String? {
    if isPeerName(name) { return nil }
    return name.string
      + " is not a valid peer name: a valid peering name must consist of lower case alphanumeric characters "
      + "or '-', and must start and end with an alphanumeric character"
  }

  /// Which of several bad pairs Consul names is random; here it is the first by key.
  static func metaFault(_ meta: [ByteString: ByteString]) -> String? {
    if meta.count > ConsulLimits.metaPairs {
      return "meta tags failed validation: Node metadata cannot contain more than "
        + "\(ConsulLimits.metaPairs) key/value pairs"
    }
    for (key, value) in meta.sorted(by: { $0.key < $1.key }) {
      if let fault = metaPairFault(key, value) {
        return "meta tags failed validation: Couldn't load metadata pair ('\(key)', '\(value)'): \(fault)"
      }
    }
    return nil
  }

  private static func metaPairFault(_ key: ByteString, _ value: ByteString) -> String? {
    if key.isEmpty { return "Key cannot be blank" }
    if !key.utf8.allSatisfy(isMetaKeyByte) { return "Key contains invalid characters" }
    if key.utf8.count > ConsulLimits.metaKeyBytes {
      return "Key is too long (limit: \(ConsulLimits.metaKeyBytes) characters)"
    }
    if key.hasPrefix("consul-") { return "Key prefix 'consul-' is reserved for internal use" }
    if value.utf8.count > ConsulLimits.metaValueBytes {
      return "Value is too long (limit: \(ConsulLimits.metaValueBytes) characters)"
    }
    return nil
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
  }

  private static func isMetaKeyByte(_ byte: UInt8) -> Bool {
    isAlphanumeric(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
      || byte == UInt8(ascii: "_")
      || byte == UInt8(ascii: "-")
  }
}
