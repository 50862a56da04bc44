// The query keys that official clients send, and what is done with each.

import HTTP

enum QueryKey: UInt16, CaseIterable {
  // Understood: checked, and sent on where they mean something.
  case partition, index, wait, consistent, stale, cached, pretty
  // Dropped: clients add them to every request, and Consul's peering endpoints look at none of them.
  case dc, ns, filter, near, hash, maxStale
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
    case .token: "token"
    }
  }

  init?(_ bytes: Span<UInt8>) {
    for key in Self.allCases where bytes.equals(key.spelling) {
      self = key
      return
    }
    return nil
  }
}
