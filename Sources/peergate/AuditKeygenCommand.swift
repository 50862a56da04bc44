// peergate audit keygen: the key that signs the log.

import ArgumentParser
import Digests
import Glibc

struct AuditKeygen: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "keygen",
    abstract: "Make a key that signs audit logs.",
    discussion: """
      Writes an Ed25519 key for the gate (audit { key_file = … }), readable by its owner alone, and \
      beside it, with the suffix .pub, the half that whoever verifies the log needs. An existing file is \
      never overwritten: logs signed with a lost key can no longer be attributed.
      """)

  @Argument(help: "The file to make.")
  var file = "audit.key"

  func run() throws {
    do throws(DigestError) {
      let key = try SigningKey.generate()
      let publicKey = try key.verifyingKey()
      let (secretHalf, publicHalf) = (try key.pem(), try publicKey.pem())
      guard
        let code = Self.create(file, mode: 0o600, secretHalf)
          ?? Self.create(file + ".pub", mode: 0o644, publicHalf)
      else {
        return Terminal.say("\(file) and \(file).pub made; fingerprint \(publicKey.fingerprint.hexadecimal)")
      }
      Self.complain("error: \(file): \(unsafe String(cString: strerror(code)))")
    } catch {
      Self.complain("error: \(error)")
    }
    throw ExitCode.failure
  }

  /// The error's code, or nil when all went well.
  private static func create(_ path: String, mode: mode_t, _ bytes: [UInt8]) -> Int32? {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
    guard descriptor >= 0 else { return errno }
    defer { close(descriptor) }
    guard unsafe write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else {
      return errno == 0 ? EIO : errno
    }
    return nil
  }
}
