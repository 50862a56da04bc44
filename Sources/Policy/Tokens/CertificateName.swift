// Names of client certificates that patterns can speak of.

package import Bytes

/// A name that was recognised. What did not become one of these types never reaches a pattern.
package enum CertificateName: Sendable, Hashable {
  case uri(CertificateURI)
  case dns(CertificateDNSName)

  package var text: ByteString {
    switch self {
    case .uri(let uri): uri.text
    case .dns(let name): name.text
    }
  }
}

/// A URI in the one spelling that a person and a program read alike.
///
///     uri       = scheme "://" authority *( "/" segment )
///     scheme    = lower *( lower / DIGIT / "+" / "-" / "." )              RFC 3986, section 3.1, in lower case
///     authority = host [ ":" 1*DIGIT ]                                    section 3.2, without user information
///     host      = 1*( lower / DIGIT / "-" / "." / "_" )
///     segment   = 1*pchar, neither "." nor ".."                           section 3.3, nothing percent-encoded, no "*"
///
/// A query, a fragment and an empty segment are no part of it. The scheme `spiffe` is narrower still, by the SPIFFE-ID
/// standard, section 2: no port, and of a segment's characters only letters, digits, `-`, `.` and `_`.
package struct CertificateURI: Sendable, Hashable {
  package let text: ByteString
  package let isSPIFFE: Bool

  package enum Fault: Error, Sendable, Hashable {
    case tooLong
    case noAuthority
    case foreignCharacter
    case upperCase
    case userInformation
    case port
    case queryOrFragment
    case percentEncoding
    case dotSegment
    case emptySegment
  }

  package init(_ text: ByteString) throws(Fault) {
    guard text.count <= PolicyLimits.certificateNameBytes else { throw .tooLong }
    let bytes = Array(text.utf8)
    if bytes.contains(where: { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }) {
      throw .queryOrFragment
    }
    if bytes.contains(UInt8(ascii: "%")) { throw .percentEncoding }
    guard bytes.allSatisfy(Self.isURIByte) else { throw .foreignCharacter }
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")), colon > 0,
      bytes[colon...].starts(with: "://".utf8)
    else { throw .noAuthority }
    try Self.check(scheme: bytes[..<colon])
    isSPIFFE = bytes[..<colon].elementsEqual("spiffe".utf8)
    let parts = bytes[(colon + 3)...].split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    try Self.check(authority: parts[0], isSPIFFE: isSPIFFE)
    for segment in parts.dropFirst() { try Self.check(segment: segment, isSPIFFE: isSPIFFE) }
    self.text = text
  }

  private static func check(scheme: ArraySlice<UInt8>) throws(Fault) {
    if scheme.contains(where: isUpperCase) { throw .upperCase }
    guard let first = scheme.first, 0x61...0x7A ~= first,
      scheme.allSatisfy({ isLowerOrDigit($0) || "+-.".utf8.contains($0) })
    else { throw .foreignCharacter }
  }

  private static func check(authority: ArraySlice<UInt8>, isSPIFFE: Bool) throws(Fault) {
    if authority.contains(UInt8(ascii: "@")) { throw .userInformation }
    if authority.contains(where: isUpperCase) { throw .upperCase }
    let parts = authority.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard let host = parts.first, !host.isEmpty else { throw .noAuthority }
    guard host.allSatisfy({ isLowerOrDigit($0) || "-._".utf8.contains($0) }) else { throw .foreignCharacter }
    if parts.count == 1 { return }
    guard !isSPIFFE, parts.count == 2, !parts[1].isEmpty, parts[1].allSatisfy({ 0x30...0x39 ~= $0 })
    else { throw .port }
  }

  private static func check(segment: ArraySlice<UInt8>, isSPIFFE: Bool) throws(Fault) {
    if segment.isEmpty { throw .emptySegment }
    if segment.elementsEqual(".".utf8) || segment.elementsEqual("..".utf8) { throw .dotSegment }
    let isAllowed = segment.allSatisfy { byte in
      isLowerOrDigit(byte) || isUpperCase(byte) || "-._".utf8.contains(byte)
        || (!isSPIFFE && "~!$&'()+,;=:@".utf8.contains(byte))
    }
    guard isAllowed else { throw .foreignCharacter }
  }

  private static func isURIByte(_ byte: UInt8) -> Bool {
    isLowerOrDigit(byte) || isUpperCase(byte) || "-._~:/@!$&'()+,;=".utf8.contains(byte)
  }

  private static func isUpperCase(_ byte: UInt8) -> Bool { 0x41...0x5A ~= byte }
  fileprivate static func isLowerOrDigit(_ byte: UInt8) -> Bool {
    0x61...0x7A ~= byte || 0x30...0x39 ~= byte
  }
}

/// A host name in lower case, without a dot at its end: labels of letters, digits, `-` and `_` (RFC 1034, section 3.5,
/// and the underscore that people use). A wildcard name of a certificate is none: it says which hosts somebody may
/// answer for, not who asks.
package struct CertificateDNSName: Sendable, Hashable {
  package let text: ByteString

  package enum Fault: Error, Sendable, Hashable {
    case tooLong
    case wildcard
    case trailingDot
    case badLabel
  }

  /// In any case: DNS names differ in nothing else (RFC 4343).
  package init(_ text: ByteString) throws(Fault) {
    guard text.count <= PolicyLimits.dnsNameBytes else { throw .tooLong }
    let folded = text.lowercasedASCII
    if folded.contains(UInt8(ascii: "*")) { throw .wildcard }
    if folded.hasSuffix(".") { throw .trailingDot }
    for label in folded.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false) {
      guard 1...63 ~= label.count, label.first != UInt8(ascii: "-"), label.last != UInt8(ascii: "-"),
        label.allSatisfy({
          CertificateURI.isLowerOrDigit($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_")
        })
      else { throw .badLabel }
    }
    self.text = folded
  }

  /// What stands behind the first label, with its dot; nil of a single label.
  var domain: ByteString? {
    guard let dot = text.utf8.firstIndex(of: UInt8(ascii: ".")) else { return nil }
    return ByteString(text.string[dot...])
  }
}

extension CertificateURI.Fault {
  /// What is wrong with a pattern or a name, as a part of a sentence that begins with it.
  package var complaint: String {
    switch self {
    case .tooLong: "is longer than \(PolicyLimits.certificateNameBytes) bytes"
    case .noAuthority:
      "is no URI with a scheme and an authority, expected one as in \"spiffe://example.org/ns/a\""
    case .foreignCharacter: "holds a character that such names do not, expected letters, digits and - . _"
    case .upperCase: "has upper-case letters before its path, expected lower case, as certificates have it"
    case .userInformation: "has user information before an @, which no such name has"
    case .port: "has a port, which such a name does not"
    case .queryOrFragment: "has a query or fragment, which no such name has"
    case .percentEncoding: "has a %, and nothing is percent-encoded in such names"
    case .dotSegment: "has a segment . or .., which reads as another path"
    case .emptySegment: "has an empty segment, expected names between single slashes and none at the end"
    }
  }
}

extension CertificateDNSName.Fault {
  package var complaint: String {
    switch self {
    case .tooLong: "is longer than \(PolicyLimits.dnsNameBytes) bytes"
    case .wildcard: "has an asterisk that is no first label, expected the full name or \"*.\" and a domain"
    case .trailingDot: "ends with a dot, expected the name without it"
    case .badLabel: "is no host name, expected labels of letters, digits, - and _ with dots between them"
    }
  }
}
