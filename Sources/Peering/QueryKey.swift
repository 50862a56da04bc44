// The query keys that official clients send, and what is done with each.

import HTTP

enum QueryKey: UInt16, CaseIterable {
  // Understood: checked, and sent on where they mean something.
  case partition, index, wait, consistent, stale, cached, pretty
  // Dropped: Consul's own Go client adds them from its QueryOptions and WriteOptions to whatever it asks, and Consul's
  // peering endpoints look at none of them.
  case dc, ns, filter, near, hash, maxStale, nodeMeta, peer, samenessGroup, mergeCentralConfig, global
  case relayFactor, localOnly, connect
  // Refused.
  case token

  var spelling: StaticString {
    switch self {
    case .partition: "partition"
    case .index: "index"
    case .wait: "wait"
    case .consistent: "consistent"
    case .stale: "stale"
    case .cached: "cached"
    case .pretty: "pretty"
    case .dc: "dc"
    case .ns: "ns"
    case .filter: "filter"
    case .near: "near"
    case .hash: "hash"
    case .maxStale: "max_stale"
    case .nodeMeta: "node-meta"
    case .peer: "peer"
    case .samenessGroup: "sameness-group"
    case .mergeCentralConfig: "merge-central-config"
    case .global: "global"
    case .relayFactor: "relay-factor"
    case .localOnly: "local-only"
    case .connect: "connect"
    case .token: "token"
    }
  }

  /// The Go client writes one for each pair of its NodeMeta.
  var mayRepeat: Bool { self == .nodeMeta }

  init?(_ bytes: Span<UInt8>) {
    for key in Self.allCases where bytes.equals(key.spelling) {
      self = key
      return
    }
    return nil
  }
}
