// The name a server must prove: a DNS name, or an address.

package enum ServerName: Sendable, Hashable {
  case dns(String)
  case ip(String)

  /// Nil if the text is neither (RFC 1123 host names, underscores allowed; IPv4; IPv6 without brackets).
  ///
  /// A name that ends with a dot is the whole name (RFC 1034 3.1): it is resolved so, but certificates and SNI have it
  /// without the dot (RFC 5280 4.2.1.6, RFC 6066 3).
  package init?(_ text: String) {
    if let address = IPAddress(text) {
      self = .ip(address.bytes.count == 4 ? address.text : text)
      return
    }
    let name = text.utf8.last == UInt8(ascii: ".") ? String(Substring(text.utf8.dropLast())) : text
    let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let fits = labels.allSatisfy { label in
      1...63 ~= label.count && label.first != UInt8(ascii: "-")
        && label.allSatisfy { byte in
          switch byte {
          case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
            true
          default: false
          }
        }
    }
    guard fits, name.utf8.count <= 253, IPAddress(name) == nil else { return nil }
    self = .dns(name)
  }

  package var text: String {
    switch self {
    case .dns(let name): name
    case .ip(let address): address
    }
  }
}
