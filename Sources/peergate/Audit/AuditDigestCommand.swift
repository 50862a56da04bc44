// peergate audit digest: what does this peering token look like in the log?

import ArgumentParser
import Audit

struct AuditDigest: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "digest",
    abstract: "Print what stands in the log for a peering token.",
    discussion: """
      Logs never hold a peering token, but a digest of it under a key, so that the request that generated a \
      token and the one that established a peering with it can be joined. Reads the token from standard input:

        peergate audit digest --key audit.key < peering-token
        peergate audit query --json audit.jsonl | grep <digest>

      A digest begins with the name of its key, eight digits; those under different keys cannot be compared.

      ACL tokens are in no log in any form: lines name their accessor ID and their name in the policies.
      """)

  @Option(help: "The key: token_digest_key_file of the gate, or else its key_file.")
  var key: String

  func run() throws {
    let key: AuditKey
    do throws(AuditKeyFile.Fault) {
      key = try AuditKeyFile.read(self.key)
    } catch {
      throw Self.fail("\(error)")
    }
    // Of any length, and as a file it may be wrapped; blanks around it are an editor's.
    var token: [UInt8] = []
    while let line = readLine(strippingNewline: false) { token += Array(line.utf8) }
    let isBlank: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
    token = Array(Array(token.drop(while: isBlank)).reversed().drop(while: isBlank).reversed())
    guard !token.isEmpty else { throw Self.fail("standard input holds no token") }
    var digester = key.tokenDigestKey.digester()
    Terminal.say(digester.digest(of: token.span))
  }
}
