// What stands in a record for a text that may not.

internal import Audit

/// Digests of peering tokens, and of what is cut from a client's text lest it be a secret: keyed, so that who reads them
/// cannot try guesses. One worker's.
final class TextDigester {
  private var digester: TokenDigester

  init(_ key: TokenDigestKey) { digester = key.digester() }

  func digest(of text: Span<UInt8>) -> String { digester.digest(of: text) }
}
