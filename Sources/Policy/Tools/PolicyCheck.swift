// What only shows when all files of a set lie side by side.
import Bytes
import Digests
import HCL

/// Checks between stanzas. Each stanza by itself has been checked where it was read.
struct PolicyCheck {
  let policies: [PolicyStanza]
  let tokens: [TokenStanza]
  let anonymous: [AnonymousStanza]
  let now: Timestamp
  /// False when some stanza could not be read; then what is missing says nothing.
  let isComplete: Bool

  func report(to findings: Findings) {
    duplicateNames(findings)
    duplicateIdentities(findings)
    if isComplete {
      references(findings)
      unusedPolicies(findings)
    }
    for policy in policies { unreachableRules(policy, findings) }
    for token in tokens {
      if isComplete { printedSecret(token, findings) }
      lifetime(token, findings)
    }
  }

  private func duplicateNames(_ findings: Findings) {
    var policyPlaces: [ByteString: Place] = [:]
    for policy in policies {
      if let first = policyPlaces[policy.name] {
        findings.error(
          "\(policy.title) is already defined at \(first.text); "
            + "rename one or move its rules into the other", at: policy.place)
      } else {
        policyPlaces[policy.name] = policy.place
      }
    }
    var tokenPlaces: [ByteString: Place] = [:]
    for token in tokens {
      if let first = tokenPlaces[token.name] {
        findings.error(
          "\(token.title) is already defined at \(first.text); rename one",
          at: token.place)
      } else {
        tokenPlaces[token.name] = token.place
      }
    }
    for stanza in anonymous.dropFirst() {
      findings.error(
        "anonymous is already defined at \(anonymous[0].place.text); a set has one anonymous block",
        at: stanza.place)
    }
  }

  /// What must lead to one token only: its accessor ID, its secrets, its certificate when that is all it has.
  private func duplicateIdentities(_ findings: Findings) {
    var accessors: [AccessorID: TokenStanza] = [:]
    var secrets: [SHA256Digest: TokenStanza] = [:]
    var names: [NamePattern: TokenStanza] = [:]
    for token in tokens {
      if let first = accessors.updateValue(token, forKey: token.accessorID) {
        findings.error(
          "\(token.title) has the accessor_id of \(first.title) at \(first.place.text); "
            + "make another with 'peergate token new'", at: token.place)
      }
      for digest in token.secretDigests {
        guard let first = secrets.updateValue(token, forKey: digest), first.name != token.name else {
          continue
        }
        findings.error(
          "\(token.title) has a secret of \(first.title) at \(first.place.text); "
            + "one secret names one token", at: token.place)
      }
      guard token.secretDigests.isEmpty, let certificate = token.certificate else { continue }
      for name in Set(certificate.uris + certificate.dnsNames) {
        guard let first = names.updateValue(token, forKey: name), first.name != token.name else { continue }
        findings.error(
          "\(token.title) and \(first.title) at \(first.place.text) both stand for "
            + "certificates with \(Quoting.quoted(name.text)); one certificate names one token",
          at: token.place)
      }
    }
  }

  private func references(_ findings: Findings) {
    let known = Set(policies.lazy.map(\.name))
    for reference in tokens.flatMap(\.policies) + anonymous.flatMap(\.policies)
    where !known.contains(reference.name) {
      findings.error(
        "no policy is named \(Quoting.quoted(reference.name))\(Self.advice(reference, known))",
        at: reference.place)
    }
  }

  private static func advice(_ reference: Reference, _ known: Set<ByteString>) -> String {
    Suggestion.nearest(to: reference.name, among: known).map { "; did you mean \(Quoting.quoted($0))?" }
      ?? "; define it or take the name out"
  }

  private func unusedPolicies(_ findings: Findings) {
    let used = Set((tokens.flatMap(\.policies) + anonymous.flatMap(\.policies)).lazy.map(\.name))
    for policy in policies where !used.contains(policy.name) {
      findings.warning("\(policy.title) is used by no token", at: policy.place)
    }
  }

  /// A bare rule beside an empty prefix: every name begins with nothing, and a prefix beats a bare rule.
  private func unreachableRules(_ policy: PolicyStanza, _ findings: Findings) {
    var emptyPrefixes: [Pattern: Rule] = [:]
    for rule in policy.rules where rule.key.names == .pattern(.beginning("")) {
      emptyPrefixes[rule.key.partition] = rule
    }
    for rule in policy.rules where rule.key.names == .every {
      guard let winner = emptyPrefixes[rule.key.partition] else { continue }
      findings.warning(
        "this rule is never reached: the empty prefix at \(winner.place.text) covers every name and beats "
          + "it; remove one of the two", at: rule.place)
    }
  }

  private func printedSecret(_ token: TokenStanza, _ findings: Findings) {
    if token.secretDigests.contains(where: DevelopmentTokens.digests.contains) {
      findings.warning(
        "\(token.title) has a secret that Consul's documentation prints; for development only",
        at: token.place, isOfSecurity: true)
    }
  }

  private func lifetime(_ token: TokenStanza, _ findings: Findings) {
    guard !token.revoked, let end = token.notAfter else { return }
    if end <= now {
      findings.warning("\(token.title) expired at \(end.text)", at: token.place)
    } else if end.seconds - now.seconds <= PolicyLimits.expiryNoticeSeconds {
      let days = (end.seconds - now.seconds) / 86_400
      findings.warning(
        "\(token.title) expires at \(end.text), in \(days) \(days == 1 ? "day" : "days")",
        at: token.place)
    }
  }
}

extension PolicyStanza {
  fileprivate var title: String { "policy \(Quoting.quoted(name))" }
}

extension TokenStanza {
  fileprivate var title: String { "token \(Quoting.quoted(name))" }
}
