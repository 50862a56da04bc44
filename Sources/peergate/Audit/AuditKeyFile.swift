// The file that holds an audit key.

import Audit
import Digests
import Gate
import Glibc

enum AuditKeyFile {
  struct Fault: Error, CustomStringConvertible {
    let description: String
  }

  /// Makes `path`, readable by its owner alone, and beside it, with the suffix `.pub`, the public half. Never
  /// overwrites: logs signed with a lost key can no longer be attributed.
  @discardableResult
  static func make(_ path: String) throws(Fault) -> VerifyingKey {
    let (publicKey, secretHalf, publicHalf): (VerifyingKey, [UInt8], [UInt8])
    do throws(DigestError) {
      let key = try SigningKey.generate()
      publicKey = try key.verifyingKey()
      (secretHalf, publicHalf) = (try key.pem(), try publicKey.pem())
    } catch {
      throw Fault(description: "\(error)")
    }
    if let code = create(path, mode: 0o600, secretHalf) ?? create(path + ".pub", mode: 0o644, publicHalf) {
      throw Fault(description: "\(path): \(unsafe String(cString: strerror(code)))")
    }
    return publicKey
  }

  static func read(_ path: String) throws(Fault) -> AuditKey {
    let pem: [UInt8]
    do throws(FileError) {
      pem = try TextFile.read(path, limitBytes: GateLimits.keyFileBytes)
    } catch {
      throw Fault(description: "\(path): \(error.sentence)")
    }
    do throws(DigestError) {
      return try AuditKey(SigningKey(pem: pem.span))
    } catch {
      throw Fault(description: "\(path): \(error)")
    }
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
