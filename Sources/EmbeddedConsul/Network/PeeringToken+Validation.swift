// What Consul checks of a token before it dials anybody.

import Bytes

extension PeeringToken {
  /// In Consul's order. The secret and the remote's place are not looked at.
  func validate() throws(PeeringTokenError) {
    for pem in caPems { try PeeringToken.validateCertificate(pem) }
    if manualServerAddresses.isEmpty, serverAddresses.isEmpty { throw .noServerAddresses }
    for address in manualServerAddresses + serverAddresses where !PeeringToken.isHostAndPort(address) {
      throw .serverAddress(address)
    }
    if !caPems.isEmpty, serverName.isEmpty { throw .noServerName }
    if peerID.isEmpty { throw .noPeerID }
  }

  /// Go's `net.SplitHostPort` with a port that `strconv.Atoi` reads as 1 … 65535: an empty host, a sign and
  /// leading zeros pass; an IPv6 address needs its brackets.
  private static func isHostAndPort(_ address: ByteString) -> Bool {
    let bytes = Array(address.utf8)
    guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")) else { return false }
    var host = bytes[..<colon]
    if host.first == UInt8(ascii: "[") {
      guard host.last == UInt8(ascii: "]"), host.count >= 2 else { return false }
      host = host.dropFirst().dropLast()
    } else if host.contains(UInt8(ascii: ":")) {
      return false
    }
    if host.contains(UInt8(ascii: "[")) || host.contains(UInt8(ascii: "]")) { return false }
    var digits = bytes[(colon + 1)...]
    if let sign = digits.first, sign == UInt8(ascii: "+") { digits = digits.dropFirst() }
    guard !digits.isEmpty, digits.allSatisfy(isDigit), let port = Int(String(decoding: digits, as: UTF8.self))
    else { return false }
    return (1...65_535).contains(port)
  }

  /// Looks at the frame of the certificate only: no signature is checked here and none is needed, since
  /// nothing is dialled over a wire.
  private static func validateCertificate(_ pem: ByteString) throws(PeeringTokenError) {
    guard let block = PEMBlock(firstIn: pem) else { throw .certificate("no PEM-encoded data found") }
    if block.label != "CERTIFICATE" { throw .certificate("first PEM-block should be CERTIFICATE type") }
    // X.509 is one DER SEQUENCE that is exactly as long as it says.
    guard block.contents.count >= 2, block.contents[0] == 0x30 else {
      throw .certificate("x509: malformed certificate")
    }
    var length = Int(block.contents[1])
    var header = 2
    if length >= 0x80 {
      let lengthBytes = length & 0x7F
      guard (1...4).contains(lengthBytes), block.contents.count >= 2 + lengthBytes else {
        throw .certificate("x509: malformed certificate")
      }
      length = block.contents[2..<2 + lengthBytes].reduce(0) { $0 << 8 | Int($1) }
      header += lengthBytes
    }
    if block.contents.count < header + length { throw .certificate("x509: malformed certificate") }
    if block.contents.count > header + length { throw .certificate("x509: trailing data") }
  }
}

/// One `-----BEGIN label-----` block (RFC 7468 section 3, lax about what surrounds it).
private struct PEMBlock {
  let label: ByteString
  let contents: [UInt8]

  init?(firstIn text: ByteString) {
    let lines = text.utf8.split { $0 == 0x0A || $0 == 0x0D }.map { $0.drop { $0 == 0x20 } }
    let (begin, end, dashes) = ("-----BEGIN ".utf8, "-----END ".utf8, "-----".utf8)
    let first = lines.firstIndex {
      $0.count >= begin.count + dashes.count && $0.starts(with: begin)
        && $0.suffix(dashes.count).elementsEqual(dashes)
    }
    guard let first else { return nil }
    let label = lines[first].dropFirst(begin.count).dropLast(dashes.count)
    let last = lines[first...].firstIndex {
      $0.elementsEqual(Array(end) + Array(label) + Array(dashes))
    }
    guard let last else { return nil }
    guard let contents = try? GoBase64.decode(Array(lines[(first + 1)..<last].joined())), !contents.isEmpty
    else { return nil }
    self.label = ByteString(Substring(label))
    self.contents = contents
  }
}
