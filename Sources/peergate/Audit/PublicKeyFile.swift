// The public key of a gate's record, from the file that a command names.

import Digests
import Gate

enum PublicKeyFile {
  struct Fault: Error, CustomStringConvertible {
    let description: String
  }

  static func read(_ path: String) throws(Fault) -> VerifyingKey {
    do throws(FileError) {
      let pem = try TextFile.read(path, limitBytes: GateLimits.keyFileBytes, isPipeRead: true)
      if let key = try? VerifyingKey(pem: pem.span) { return key }
    } catch {
      throw Fault(description: "\(path): \(error.sentence)")
    }
    throw Fault(
      description: "\(path): holds no Ed25519 public key; give the .pub file of peergate audit keygen")
  }
}
