// Peergate itself, from the build that this program stands in.

struct Peergate: Peer {
  let program: String

  var name: String { "peergate" }
  var note: String { "the whole job; the record is with the kernel before the answer leaves (enforced)" }
  var abilities: Abilities { Abilities(decides: true, filtersLists: true, readsBodies: true) }

  func prepare(_ site: Site) throws -> Launch {
    try Files.makeFolder("\(site.folder)/policies")
    try Files.write("\(site.folder)/policies/teams.hcl", Self.policies(site.teams))
    let settings = try Files.write("\(site.folder)/peergate.hcl", Self.settings(site))
    return Launch(command: [program, "serve", "--config", settings])
  }

  static func settings(_ site: Site) -> String {
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
    audit { \(site.audit ?? "path = \"audit.jsonl\"") }
    workers = \(site.workers)
    limits {
      connections          = 25000
      upstream_connections = 20000
      idle_timeout         = "10m"
    }

    """
  }

  static func policies(_ teams: Int) -> String {
    (0..<teams).map { team in
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
