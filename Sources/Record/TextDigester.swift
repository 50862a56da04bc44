// What stands in a record for a text that may not.

package import Audit

/// Digests of peering tokens, and of what is cut from a client's text lest it be a secret: keyed, so that who reads them
/// cannot try guesses. One worker's.
package final class TextDigester {
  private var digester: TokenDigester

  package init(_ key: TokenDigestKey) { digester = key.digester() }

  package func digest(of text: Span<UInt8>) -> String { digester.digest(of: text) }
}
