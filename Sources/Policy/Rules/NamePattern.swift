// One pattern for the names of client certificates.

package import Bytes

/// A whole name, or all names below one:
///
///     san_uri = uri / uri "/*" / "*"       "spiffe://example.org/ns/payments/*": what is below that path
///     san_dns = name / "*." name / "*"     "*.example.org": one label before the domain, as in a certificate
///
/// An asterisk stands for whole segments and whole labels: half of one would take in names that somebody else gives
/// out (`spiffe://example.org/ns/pay*` takes `ns/payroll`, `spiffe://example.org*` takes `example.org.evil.test`).
package struct NamePattern: Sendable, Hashable {
  package enum Kind: Sendable, Hashable { case uri, dns }

  enum Form: Sendable, Hashable {
    case uri(CertificateURI)
    /// Ends with a slash.
    case below(ByteString)
    case everyURI
    case dns(CertificateDNSName)
    /// Begins with a dot.
    case domain(ByteString)
    case everyDNSName
  }

  let form: Form

  package enum Fault: Error, Sendable, Hashable {
    case empty
    /// An asterisk that is not the whole last segment.
    case halfSegment
    case uri(CertificateURI.Fault)
    case dns(CertificateDNSName.Fault)
    case upperCase
  }

  package init(_ text: ByteString, _ kind: Kind) throws(Fault) {
    if text.isEmpty { throw .empty }
    switch kind {
    case .uri: form = try Self.uri(text)
    case .dns: form = try Self.dns(text)
    }
  }

  private static func uri(_ text: ByteString) throws(Fault) -> Form {
    if text == "*" { return .everyURI }
    let isPrefix = text.hasSuffix("/*")
    let name = text.string.utf8.dropLast(isPrefix ? 2 : 0)
    if name.contains(UInt8(ascii: "*")) { throw .halfSegment }
    do throws(CertificateURI.Fault) {
      let uri = try CertificateURI(ByteString(Substring(name)))
      return isPrefix ? .below(ByteString(uri.text.string + "/")) : .uri(uri)
    } catch {
      throw .uri(error)
    }
  }

  private static func dns(_ text: ByteString) throws(Fault) -> Form {
    if text == "*" { return .everyDNSName }
    if text.lowercasedASCII != text { throw .upperCase }
    do throws(CertificateDNSName.Fault) {
      guard text.hasPrefix("*.") else { return .dns(try CertificateDNSName(text)) }
      let name = try CertificateDNSName(ByteString(Substring(text.string.utf8.dropFirst(2))))
      return .domain(ByteString("." + name.text.string))
    } catch {
      throw .dns(error)
    }
  }

  package var text: ByteString {
    switch form {
    case .uri(let uri): uri.text
    case .below(let prefix): ByteString(prefix.string + "*")
    case .dns(let name): name.text
    case .domain(let domain): ByteString("*" + domain.string)
    case .everyURI, .everyDNSName: "*"
    }
  }

  /// Whether it says nothing of who shows the certificate.
  package var isEveryName: Bool { form == .everyURI || form == .everyDNSName }

  package func matches(_ name: CertificateName) -> Bool {
    switch (form, name) {
    case (.uri(let wanted), .uri(let uri)): wanted == uri
    case (.below(let prefix), .uri(let uri)): uri.text.hasPrefix(prefix)
    case (.everyURI, .uri), (.everyDNSName, .dns): true
    case (.dns(let wanted), .dns(let name)): wanted == name
    case (.domain(let domain), .dns(let name)): name.domain == domain
    default: false
    }
  }

  /// Of two patterns that match the names of one certificate, which says more: a URI more than a DNS name, a whole
  /// name more than what is below another, and that the more, the longer it is. `CertificateTable` goes by the same.
  var precision: Int {
    switch form {
    case .uri: 2 * PolicyLimits.certificateNameBytes
    case .below(let prefix): PolicyLimits.dnsNameBytes + prefix.count
    case .everyURI: 3
    case .dns: 2
    case .domain: 1
    case .everyDNSName: 0
    }
  }
}

extension NamePattern.Fault {
  /// A part of a sentence that begins with the pattern.
  package var complaint: String {
    switch self {
    case .empty:
      "names no certificate, expected a name, or \"*\" for every certificate that the CA file vouches for"
    case .halfSegment:
      "has an asterisk that is not a whole last segment, expected the full name, or one that ends with \"/*\""
    case .uri(let fault): fault.complaint
    case .dns(let fault): fault.complaint
    case .upperCase: "has upper-case letters, expected lower case: DNS names are compared in lower case"
    }
  }
}
