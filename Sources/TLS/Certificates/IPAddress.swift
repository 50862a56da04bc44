// An IP address as certificates hold it: four octets or sixteen.

internal import Glibc

struct IPAddress: Hashable, Sendable {
  let octets: [UInt8]

  init?(octets: [UInt8]) {
    guard octets.count == 4 || octets.count == 16 else { return nil }
    self.octets = octets
  }

  init?(_ text: String) {
    for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
      var octets = [UInt8](repeating: 0, count: count)
      if unsafe inet_pton(family, text, &octets) == 1 {
        // An IPv4 address that is mapped into IPv6 (RFC 4291 2.5.5.2) stands in certificates as what it is.
        let isMapped = octets.starts(with: [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF])
        self.octets = isMapped ? octets.suffix(4) : octets
        return
      }
    }
    return nil
  }

  var text: String {
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    let family = octets.count == 4 ? AF_INET : AF_INET6
    guard unsafe inet_ntop(family, octets, &text, socklen_t(text.count)) != nil else { return "" }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
