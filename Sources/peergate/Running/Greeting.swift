// What peergate dev prints first: the lines to paste.

import TLS

struct Greeting {
  let port: UInt16
  let certificates: DevelopmentCertificates
  let hasTwo: Bool
  let state: String

  /// The tokens of Consul's documentation, as policies/tokens.hcl defines them.
  private static let administrator = "5cdcae6c-0cce-4210-86fe-5dff3b984a6e"
  private static let reader = "0137db51-5895-4c25-b6cd-d9ed992f4a52"

  var text: String {
    let gate = "https://127.0.0.1:\(port)"
    let curl = "curl --cacert \(certificates.authorityFile)"
    var lines = ["peergate \(Version.text), for development: the tokens below are public", ""]
    if hasTwo {
      lines += ["  dc1  \(gate)", "  dc2  https://127.0.0.1:\(port + 1_000)", ""]
    } else {
      lines += ["  gate  \(gate)", ""]
    }
    lines += [
      "everything, with a token that may write every name:",
      "  \(curl) -H \"X-Consul-Token: \(Self.administrator)\" \(gate)/v1/peerings?pretty",
      "", "what a reader of cluster-* sees, and what it may not do:",
      "  \(curl) -i -H \"X-Consul-Token: \(Self.reader)\" \(gate)/v1/peerings",
      "  \(curl) -i -X DELETE -H \"X-Consul-Token: \(Self.reader)\" \(gate)/v1/peering/cluster-01",
      "", "for the consul command line:",
      "  export CONSUL_HTTP_ADDR=\(gate)",
      "  export CONSUL_CACERT=\(certificates.authorityFile)",
      "  export CONSUL_HTTP_TOKEN=\(Self.administrator)",
      "", "the audit log: tail -f \(state)/dc1-audit.jsonl",
    ]
    if certificates.isAuthorityNew { lines.append("a new CA was forged into \(certificates.authorityFile)") }
    lines.append("")
    return lines.joined(separator: "\n")
  }
}
