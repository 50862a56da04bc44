// A suggestion as a policy file.
import Bytes

package enum SuggestionPrinter {
  /// Tokens are whole if `set` knows them, so that the text is a set that can be tried; a record knows no secrets, so
  /// the others are comments.
  ///
  /// - Parameter absence: what the record itself says is missing from it.
  package static func text(
    _ suggestion: PolicySuggestion, tokens set: PolicySet? = nil, absence: String? = nil
  ) -> String {
    let observed = suggestion.observed
    var text = "# Suggested from \(observed.decisionCount) decisions\(observed.period.period).\n"
    text += "# It allows what they allowed, to the same tokens. Prefixes are guesses: read them.\n"
    for sentence in missing(observed.decisions) + (absence.map { [$0] } ?? []) {
      text += "# It may allow too little: \(sentence).\n"
    }
    for policy in suggestion.policies { text += "\n" + stanza(policy) }
    var known: [AccessorID: TokenStanza] = [:]
    for token in set?.tokens ?? [] { known[token.accessorID] = token }
    text += "\n"
    for caller in suggestion.callers {
      let names = suggestion.policyNames(of: caller.accessorID)
      if names.isEmpty {
        text += "# \(caller.name.shown) (\(caller.accessorID.text)): nothing was allowed\n"
      } else if caller.accessorID == .anonymous {
        let stanza = AnonymousStanza(place: place, policies: names.map { Reference(name: $0, place: place) })
        text += PolicyPrinter.text(stanza)
      } else if var token = known[caller.accessorID] {
        token.policies = names.map { Reference(name: $0, place: place) }
        text += PolicyPrinter.text(token)
      } else {
        let list = names.map { "\"\($0)\"" }.joined(separator: ", ")
        text += "# token \"\(caller.name.shown)\" (\(caller.accessorID.text)): policies = [\(list)]\n"
      }
    }
    for token in set?.tokens ?? [] where observed.callers[token.accessorID] == nil {
      text += "# token \"\(token.name)\" (\(token.accessorID.text)) is not in the record\n"
    }
    return text
  }

  /// Why more may have been allowed than the record tells.
  private static func missing(_ decisions: AuditedDecisions) -> [String] {
    var sentences: [String] = []
    if decisions.unrecordedCount > 0 {
      sentences.append(
        "\(counted(decisions.unrecordedCount, "answer")) of level none had no line to tell what they needed")
    }
    if decisions.unreadableCount > 0 {
      sentences.append("\(counted(decisions.unreadableCount, "line")) could not be read")
    }
    return sentences
  }

  /// What is printed here stands nowhere yet.
  private static let place = Place(file: "", line: 1, column: 1)

  private static func stanza(_ policy: PolicySuggestion.Policy) -> String {
    var text = ""
    if policy.callers.count > 1 {
      let names = policy.callers.prefix(10).map(\.name.shown).joined(separator: ", ")
      text += "# for \(names)\(policy.callers.count > 10 ? " and \(policy.callers.count - 10) more" : "")\n"
    }
    text += "policy \"\(policy.name)\" {\n"
    var partition = RuleKey.defaultPartition
    for suggested in policy.rules {
      if suggested.key.partition != partition {
        if partition != RuleKey.defaultPartition { text += "  }\n" }
        partition = suggested.key.partition
        if partition != RuleKey.defaultPartition { text += "  partition \"\(partition.text)\" {\n" }
      }
      let indent = partition == RuleKey.defaultPartition ? "  " : "    "
      let rule = Rule(key: suggested.key, level: suggested.level, policy: policy.name, place: place)
      text += "\(indent)# \(evidence(suggested))\n\(indent)\(rule.innerText)\n"
    }
    if partition != RuleKey.defaultPartition { text += "  }\n" }
    return text + "}\n"
  }

  private static func evidence(_ rule: SuggestedRule) -> String {
    let evidence = rule.evidence
    if evidence.isPlaceholder {
      return
        "\(evidence.lists.count) lists were answered, the record does not say with which names: name them here"
    }
    var parts: [String] = []
    var all = evidence.reads
    all.add(evidence.writes)
    all.add(evidence.lists)
    if evidence.reads.count > 0 { parts.append(counted(evidence.reads.count, "read")) }
    if evidence.writes.count > 0 { parts.append(counted(evidence.writes.count, "change")) }
    if evidence.lists.count > 0 {
      parts.append("\(counted(evidence.lists.count, "list")) that hid nothing")
    }
    var text = parts.joined(separator: ", ")
    if case .pattern(.exactly) = rule.key.names {
    } else if evidence.names > 0 {
      text += " of \(counted(evidence.names, "name"))"
    }
    if evidence.denials > 0 {
      text += (text.isEmpty ? "" : "; ") + counted(evidence.denials, "denial")
    }
    if text.isEmpty { text = "known from other tokens, never asked for" }
    if evidence.unasked > 0 {
      text += "; takes in \(counted(evidence.unasked, "known name")) never asked for"
    }
    return text + all.period
  }

  private static func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }
}
