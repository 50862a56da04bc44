// The `client_certificate` block of a token.
import HCL
import JSON

extension TokenReader {
  func certificate(_ block: Block) -> CertificateNames? {
    var reader = Reader(block.body, of: block.title, in: source, into: report)
    let uris = names("san_uri", .uri, &reader)
    let dnsNames = names("san_dns", .dns, &reader)
    if uris == nil, dnsNames == nil {
      reader.error(at: block.position, "client_certificate names no certificate, expected san_uri or san_dns")
    }
    reader.finish()
    return CertificateNames(uris: uris ?? [], dnsNames: dnsNames ?? [])
  }

  private func names(_ key: String, _ kind: NamePattern.Kind, _ reader: inout Reader) -> [NamePattern]? {
    guard let texts = reader.strings(key) else { return nil }
    if texts.isEmpty { reader.reportEmpty(key, "leave it out if names of that kind do not count") }
    if texts.count > PolicyLimits.certificateNamesPerToken {
      reader.error(
        at: texts[PolicyLimits.certificateNamesPerToken].position,
        "more than \(PolicyLimits.certificateNamesPerToken) names in \(key); use a prefix such as "
          + "\"spiffe://…/*\""
      )
    }
    var names: [NamePattern] = []
    for text in texts {
      do throws(NamePattern.Fault) {
        let name = try NamePattern(text.value, kind)
        if names.contains(name) {
          reader.error(at: text.position, "\(Quoting.quoted(text.value)) stands here a second time; keep one")
        }
        if name.endsInsideTrustDomain {
          reader.warning(
            at: text.position,
            "this prefix ends inside the trust domain and takes longer domains too; end it with \"/*\"")
        }
        names.append(name)
      } catch {
        reader.error(at: text.position, "\(Quoting.quoted(text.value)) \(Self.complaint(error))")
      }
    }
    return names
  }

  private static func complaint(_ fault: NamePattern.Fault) -> String {
    switch fault {
    case .empty:
      "names no certificate, expected a name, or \"*\" for every certificate that the CA file vouches for"
    case .tooLong(let bytes):
      "is \(bytes) bytes long, expected at most \(PolicyLimits.certificateNameBytes)"
    case .innerAsterisk:
      "has an asterisk that is not at the end, expected the full name or a prefix and \"*\""
    case .foreignByte:
      "holds a character that such names do not, expected ASCII without blanks, quotes and braces"
    case .upperCase: "has upper-case letters, expected lower case: DNS names are compared in lower case"
    }
  }
}
