// peergate audit digest: what does this peering token look like in the log?

import ArgumentParser
import Audit
import Digests
import Gate

struct AuditDigest: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "digest",
    abstract: "Print what stands in the log for a peering token.",
    discussion: """
      Logs never hold a peering token, but a digest of it under the audit key, so that the request that \
      generated a token and the one that established a peering with it can be joined. Reads the token \
      from standard input:

        peergate audit digest --key audit.key < peering-token
        peergate audit query --json audit.jsonl | grep <digest>

      ACL tokens are in no log in any form: lines name their accessor ID and their name in the policies.
      """)

  @Option(help: "The audit key, as made by peergate audit keygen.")
  var key: String

  func run() throws {
    guard let token = readLine(), !token.isEmpty else { throw Self.fail("standard input holds no token") }
    let pem: [UInt8]
    do throws(FileError) {
      pem = try TextFile.read(key, limitBytes: GateLimits.keyFileBytes)
    } catch {
      throw Self.fail("\(key): \(error.sentence)")
    }
    do throws(DigestError) {
      var digester = try AuditKey(SigningKey(pem: pem.span)).tokenDigester()
      Terminal.say(digester.digest(of: token.utf8.span))
    } catch {
      throw Self.fail("\(key): \(error)")
    }
  }
}
