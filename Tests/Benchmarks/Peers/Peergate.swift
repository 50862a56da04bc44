// Peergate itself, from the build that this program stands in.

import Digests

struct Peergate: Peer {
  let program: String
  /// What is different from the usual, where the gate is compared with itself.
  var variant: String?
  /// The `audit` block of the configuration.
  var audit = "path = \"audit.jsonl\""

  var name: String { variant ?? "peergate" }
  var note: String { "the whole job; the record is with the kernel before the answer leaves (enforced)" }
  var abilities: Abilities { Abilities(decides: true, filtersLists: true, readsBodies: true) }

  func prepare(_ site: Site) throws -> Launch {
    try Files.makeFolder("\(site.folder)/policies")
    // One file may have 16 MB.
    for start in stride(from: 0, to: site.teams, by: Self.teamsPerFile) {
      let teams = start..<min(site.teams, start + Self.teamsPerFile)
      try Files.write("\(site.folder)/policies/teams-\(start).hcl", Self.policies(teams))
    }
    if audit.contains(Self.keyFile) {
      try Files.write("\(site.folder)/\(Self.keyFile)", SigningKey.generate().pem(), permissions: 0o600)
    }
    let settings = try Files.write("\(site.folder)/peergate.hcl", settings(site))
    return Launch(command: [program, "serve", "--config", settings])
  }

  func settings(_ site: Site) -> String {
    """
    # The whole job: nothing is left out. The limits are raised to what the crowds of the benchmark need, as those of
    # the other proxies are.
    listener {
      address = "127.0.0.1:\(site.port)"
      tls {
        cert_file       = "\(site.certificateFile)"
        key_file        = "\(site.keyFile)"
        tls_min_version = "TLSv1_3"
      }
    }
    upstream { address = "http://127.0.0.1:\(site.upstreamPort)" }
    policies = "policies"
    audit {
      \(audit)
      \(Self.rotation)
    }
    workers = \(site.workers)
    limits {
      connections          = 25000
      upstream_connections = 8000
      idle_timeout         = "10m"
      per_address { connections = 25000 }
    }

    """
  }

  /// Fifty megabytes a second and more are logged. If the log only grew, the page cache would grow with it, and on a
  /// virtual machine that may be into memory that its host has yet to find: then two thirds of a record's cost were
  /// the host's.
  private static let rotation = "rotate_bytes = \(64 << 20)  rotate_max_files = 1"

  private static let teamsPerFile = 20_000
  static let keyFile = "audit.key"

  static func policies(_ teams: Range<Int>) -> String {
    teams.map { team in
      """
      policy "team-\(team)" { peering_prefix "\(Population.prefix(team))" { policy = "write" } }
      token "token-\(team)" {
        accessor_id   = "\(Population.accessor(team))"
        secret_sha256 = ["\(Population.digest(team))"]
        policies      = ["team-\(team)"]
      }

      """
    }.joined()
  }
}
