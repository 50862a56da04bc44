// peergate token: the commands about secrets.

import ArgumentParser

struct Token: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make tokens and digests of secrets.",
    discussion: """
      Policy files know tokens by the SHA-256 of their secrets, so they hold no secrets and may lie in \
      a repository.
      """,
    subcommands: [TokenNew.self, TokenDigest.self])
}
