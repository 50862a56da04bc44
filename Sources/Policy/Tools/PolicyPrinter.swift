// Stanzas back to text: what parses prints back to the same policies.
import Bytes
import Digests

package enum PolicyPrinter {
  package static func text(_ policy: PolicyStanza) -> String {
    var text = "policy \"\(policy.name)\" {\n"
    if let level = policy.recordLevel { text += "  audit = \"\(level.text)\"\n" }
    var partition = RuleKey.defaultPartition
    for rule in policy.rules {
      if rule.key.partition != partition {
        if partition != RuleKey.defaultPartition { text += "  }\n" }
        partition = rule.key.partition
        switch partition {
        case RuleKey.defaultPartition: break
        case .exactly(let name): text += "  partition \"\(name)\" {\n"
        case .beginning(let name): text += "  partition_prefix \"\(name)\" {\n"
        }
      }
      text += (partition == RuleKey.defaultPartition ? "  " : "    ") + rule.innerText + "\n"
    }
    if partition != RuleKey.defaultPartition { text += "  }\n" }
    return text + "}\n"
  }

  package static func text(_ token: TokenStanza) -> String {
    var text = "token \"\(token.name)\" {\n  accessor_id   = \"\(token.accessorID.text)\"\n"
    if !token.secretDigests.isEmpty {
      text += "  secret_sha256 = \(list(token.secretDigests.map(\.hexadecimal)))\n"
    }
    text += "  policies      = \(list(token.policies.map(\.name)))\n"
    if let instant = token.notBefore { text += "  not_before    = \"\(instant.text)\"\n" }
    if let instant = token.notAfter { text += "  not_after     = \"\(instant.text)\"\n" }
    if token.revoked { text += "  revoked       = true\n" }
    if !token.sources.isEmpty { text += "  sources       = \(list(token.sources.map(\.text)))\n" }
    if let certificate = token.certificate {
      text += "  client_certificate {\n"
      if !certificate.uris.isEmpty { text += "    san_uri = \(list(certificate.uris.map(\.text)))\n" }
      if !certificate.dnsNames.isEmpty { text += "    san_dns = \(list(certificate.dnsNames.map(\.text)))\n" }
      text += "  }\n"
    }
    return text + "}\n"
  }

  package static func text(_ anonymous: AnonymousStanza) -> String {
    "anonymous {\n  policies = \(list(anonymous.policies.map(\.name)))\n}\n"
  }

  /// All stanzas of a set in one file.
  package static func text(_ set: PolicySet) -> String {
    let stanzas =
      set.policies.map { text($0) } + set.tokens.map { text($0) }
      + (set.anonymousStanza.map { [text($0)] } ?? [])
    return stanzas.joined(separator: "\n")
  }

  // None of the values can hold a quote, a backslash or a brace: their types refuse them.
  private static func list(_ values: [ByteString]) -> String { list(values.map(\.string)) }

  private static func list(_ values: [String]) -> String {
    "[" + values.map { "\"\($0)\"" }.joined(separator: ", ") + "]"
  }
}
