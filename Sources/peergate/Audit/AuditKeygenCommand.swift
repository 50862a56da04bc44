// peergate audit keygen: the key that signs the log.

import ArgumentParser
import Digests

struct AuditKeygen: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keygen",
    abstract: "Make a key that signs audit logs.",
    discussion: """
      Writes an Ed25519 key for the gate (audit { key_file = … }), readable by its owner alone, and \
      beside it, with the suffix .pub, the half that anyone who verifies the log needs. An existing file is \
      never overwritten: logs signed with a lost key can no longer be attributed.

      Peering tokens are digested under the same key, or under another of this form, which several gates can \
      share (audit { token_digest_key_file = … }).
      """)

  @Argument(help: "The file to make.")
  var file = "audit.key"

  func run() throws {
    do throws(AuditKeyFile.Fault) {
      let publicKey = try AuditKeyFile.make(file)
      Terminal.say("\(file) and \(file).pub made; fingerprint \(publicKey.fingerprint.hexadecimal)")
    } catch {
      throw Self.fail("\(error)")
    }
  }
}
