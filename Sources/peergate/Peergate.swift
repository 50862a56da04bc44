// The command line: one file per subcommand.

import ArgumentParser

@main
struct Peergate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "peergate",
    abstract: "A gate in front of Consul's cluster-peering API.",
    discussion: """
      Peergate reads each request strictly, decides by policy files who may read or write which peering, forwards \
      only what it allowed, filters lists to what the caller may see, and writes one audit trail.

      Try it with nothing else installed:   peergate dev
      Run it in front of a real Consul:     peergate serve --config peergate.hcl
      """,
    version: Version.text,
    subcommands: [
      Dev.self, Serve.self, Check.self, Test.self, Explain.self, ReplayCommand.self, SuggestCommand.self,
      UnusedCommand.self, Token.self,
      AuditCommand.self,
      ConsulCommand.self, VersionCommand.self,
    ])

  static func main() {
    // Anyone who started us may have blocked them for itself, and a mask is inherited.
    Signals.unblockStop()
    main(nil)
  }
}
