// Rules of Consul's that mean nothing to the gate.

import Bytes
import HCL

/// All kinds that Consul's policies know besides `peering`, of the Enterprise edition as well. A file that Consul's
/// operators have is taken as it is, and what of it does not count is said.
enum ConsulRules {
  static let names: Set<ByteString> = [
    "acl", "agent", "agent_prefix", "event", "event_prefix", "identity", "identity_prefix", "key",
    "key_prefix",
    "keyring", "mesh", "namespace", "namespace_prefix", "node", "node_prefix", "operator", "query",
    "query_prefix",
    "sentinel", "service", "service_prefix", "session", "session_prefix",
  ]

  /// What is said once of a file or a block; `found` is not empty. Where no `peering` rule stands Consul falls back to
  /// `operator` (acl/policy_authorizer.go), which is what somebody who moves a policy here has to know.
  static func warning(_ found: [ByteString], besideRules: Bool) -> String {
    let kinds = Set(found).sorted().map(\.string)
    let list =
      kinds.count == 1
      ? kinds[0] : kinds.dropLast().joined(separator: ", ") + " and " + (kinds.last ?? "")
    let verb = kinds.count == 1 ? "means" : "mean"
    let effect = "\(list) \(verb) nothing here: the gate goes by peering rules alone"
    return besideRules
      ? effect
      : effect + "; without one beside it nothing is granted here, where Consul falls back to operator"
  }

  /// Whether a file holds nothing else than rules of Consul's.
  static func isPolicy(_ body: Body) -> Bool {
    body.items.allSatisfy { item in
      let name =
        switch item {
        case .attribute(let attribute): attribute.name
        case .block(let block): block.type
        }
      return names.contains(name) || name == "partition" || name == "partition_prefix"
    }
  }
}
