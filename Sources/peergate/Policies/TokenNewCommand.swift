// peergate token new: a secret, and the block that makes it a token.

import ArgumentParser
import Bytes
import Digests
import Policy

struct TokenNew: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Make a token.",
    discussion: """
      Prints a new secret to standard error, once, and the block for a policy file to standard output:

        peergate token new --name team-a-ci --policy team-a >> policies/tokens.hcl

      Give the secret to the client; the gate needs only the block. To rotate, make another token, put \
      its digest beside the old one in secret_sha256, move the clients, and take the old digest out.
      """)

  @Option(help: "The token's name, which audit records show.")
  var name: String

  @Option(help: "A policy of the token; may be given several times.")
  var policy: [String] = []

  @Option(help: "The instant from which the token no longer holds, as 2027-06-30T00:00:00Z.")
  var notAfter: String?

  func validate() throws {
    guard StanzaName.isToken(ByteString(name)) else {
      throw ValidationError("--name takes 1 to \(PolicyLimits.nameBytes) letters, digits and - _ . : @ /")
    }
    for policy in policy where !StanzaName.isPolicy(ByteString(policy)) {
      throw ValidationError("--policy takes 1 to \(PolicyLimits.nameBytes) letters, digits, - and _")
    }
    if let notAfter, Timestamp(notAfter) == nil {
      throw ValidationError("--not-after takes an instant in the form 2027-06-30T00:00:00Z")
    }
  }

  func run() throws {
    let token: NewToken
    do throws(DigestError) {
      token = try NewToken(
        name: ByteString(name), policies: policy.map { ByteString($0) },
        notAfter: notAfter.flatMap(Timestamp.init))
    } catch {
      throw Self.fail("\(error)")
    }
    Self.complain("secret (shown once): \(token.secret)")
    Terminal.say(PolicyPrinter.text(token.stanza))
  }
}
