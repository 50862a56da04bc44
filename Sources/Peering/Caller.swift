// Who sent a request, as far as its fields say so.

package import Digests
package import HTTP

/// The credential in a request's fields, or that there is none.
///
/// A class, so that the requests of a connection share it for as long as their fields stay byte by byte the same: then
/// the credential is neither looked for nor hashed again. Made from fields alone, so the caller of a request is who its
/// fields name.
package final class Caller: Sendable {
  private let fields: Fields
  /// Nil for the anonymous caller.
  package let credential: Credential?
  /// Of the credential: by its digest it is looked up, and never compared itself.
  package let digest: SHA256Digest?

  private init(_ fields: Fields, _ hash: inout SHA256) throws(Refusal) {
    let credential = try Credential.from(fields)
    self.fields = fields
    self.credential = credential
    guard let credential else {
      digest = nil
      return
    }
    credential.withBytes { hash.update($0) }
    digest = hash.finish()
  }

  /// `last` is who sent the request before, if it is still known. `hash` is used and left ready.
  package static func named(
    by fields: Fields, last: Caller? = nil, hash: inout SHA256
  ) throws(Refusal) -> Caller {
    if let last, last.fields === fields { return last }
    return try Caller(fields, &hash)
  }
}

// The fields hold the credential.
extension Caller: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { credential == nil ? "(anonymous)" : "(credential)" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: []) }
}
