// How the descriptors that the process may have are shared out.

internal import Consul

/// Clients get what is left when Consul's connections, audit files, reloads and the workers have theirs: were clients let
/// in until none is free, the gate could neither reach Consul, nor load a revocation, nor rotate its record.
struct DescriptorPlan: Equatable {
  /// Client connections at once.
  let clients: Int
  /// What the operator should read at start; nil if there is enough for everything.
  let warning: String?

  /// - Parameters:
  ///   - limit: what the process may have open.
  ///   - open: what it has open before the first client comes.
  init(limits: GateLimits, limit: Int, open: Int) {
    let kept = open + GateLimits.reservedDescriptors
    let wanted = limits.connections + limits.upstream.connections + kept
    guard limit < wanted else {
      clients = limits.connections
      warning = nil
      return
    }
    // Where there is too little even for Consul's connections, both sides get half.
    let spare = max(2, limit - kept)
    clients = max(1, spare - min(limits.upstream.connections, spare / 2))
    warning =
      "the process may open \(limit) files, and \(wanted) are wanted "
      + "(\(limits.connections) connections, \(limits.upstream.connections) to Consul, \(kept) for everything else): "
      + "\(clients) clients are served at once; raise LimitNOFILE or ulimit -n"
  }
}
