// The `client_certificate` block of a token.
import Bytes
import HCL
import JSON

extension TokenReader {
  func certificate(_ block: Block, isOnlyProof: Bool) -> CertificateNames {
    var reader = Reader(block.body, of: block.title, in: source, into: report)
    let uris = names("san_uri", .uri, isOnlyProof, &reader)
    let dnsNames = names("san_dns", .dns, isOnlyProof, &reader)
    if uris == nil, dnsNames == nil {
      reader.error(at: block.position, "client_certificate names no certificate, expected san_uri or san_dns")
    }
    reader.finish()
    return CertificateNames(uris: uris ?? [], dnsNames: dnsNames ?? [])
  }

  private func names(
    _ key: ByteString, _ kind: NamePattern.Kind, _ isOnlyProof: Bool, _ reader: inout Reader
  ) -> [NamePattern]? {
    guard let texts = reader.strings(key) else { return nil }
    if texts.isEmpty { reader.reportEmpty(key, "leave it out if names of that kind do not count") }
    if texts.count > PolicyLimits.certificateNamesPerToken {
      reader.error(
        at: texts[PolicyLimits.certificateNamesPerToken].position,
        "more than \(PolicyLimits.certificateNamesPerToken) names in \(key.shown); use a prefix such as "
          + "\"spiffe://…/*\""
      )
    }
    var names: [NamePattern] = []
    for text in texts.prefix(PolicyLimits.certificateNamesPerToken) {
      do throws(NamePattern.Fault) {
        let name = try NamePattern(text.value, kind)
        if names.contains(name) {
          reader.error(at: text.position, "\(Quoting.quoted(text.value)) stands here a second time; keep one")
        }
        if name.isEveryName, isOnlyProof {
          reader.warning(
            at: text.position, isOfSecurity: true,
            "every certificate that the CA file vouches for is this token, without a secret; name whose, as in "
              + (kind == .uri ? "\"spiffe://example.org/ns/a/*\"" : "\"ci.example.org\""))
        }
        names.append(name)
      } catch {
        reader.error(at: text.position, "\(Quoting.quoted(text.value)) \(error.complaint)")
      }
    }
    return names
  }
}
