// What is asked of a check.
package import Digests

package struct VerificationOptions: Sendable {
  /// Whose signatures count. Several where the key was changed; without one, the keys that the log itself names are used,
  /// which tells damage and not forgery.
  package var publicKeys: [VerifyingKey] = []
  /// The link of a line that must be there: the head of an earlier check.
  package var expectedHead: SHA256Digest?
  /// The number of the first line that is judged, which must be there, or be named by the gate as deleted.
  package var from: UInt64?
  /// A gate is writing: what it has not signed yet is told, and not held against it.
  package var isLive = false
  /// What was noted elsewhere.
  package var anchors = Anchors()

  package init() {}
}
