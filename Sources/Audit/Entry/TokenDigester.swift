// Peering tokens as the log shows them.
package import Digests

/// The secret under which peering tokens are digested: anyone who has the log and not this can see that two requests
/// carried the same token, and not test a guess.
///
/// Gates that are to be joined (a token is generated at one and spent at another) share one; each keeps a signing
/// key of its own all the same, since a shared one would attribute nothing.
package struct TokenDigestKey: Sendable {
  private let secret: [UInt8]
  /// Eight hexadecimal digits that stand in every digest made with it, so that digests under different keys are
  /// never taken for different tokens. They tell nothing of the key.
  package let name: String

  private init(secret: [UInt8]) {
    self.secret = secret
    var code = HMACSHA256(key: secret.span)
    name = String(code.code(for: "peergate peering token digest 1: name of the key").hexadecimal.prefix(8))
  }

  /// From any key that `peergate audit keygen` makes.
  package init(_ key: borrowing SigningKey) throws(DigestError) {
    // The signature depends on the secret and is always the same, so that one file holds all there is to keep.
    let signature = try key.sign("peergate peering token digest 1".utf8.span)
    self.init(secret: SHA256.digest(of: signature.span).bytes)
  }

  /// For a gate without a key file: its digests can be compared with each other as long as it runs, and with
  /// nothing else.
  package static func ofThisRun() throws(DigestError) -> TokenDigestKey {
    TokenDigestKey(secret: try Randomness.bytes(SHA256Digest.byteCount))
  }

  package func digester() -> TokenDigester { TokenDigester(secret: secret, name: name) }
}

// Interpolated, dumped or reflected, it shows its name alone.
extension TokenDigestKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "(token digest key \(name))" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: []) }
}

/// HMAC-SHA-256 of peering tokens. One of these belongs to one thread.
package struct TokenDigester: ~Copyable, Sendable {
  private var code: HMACSHA256
  private let prefix: String

  fileprivate init(secret: [UInt8], name: String) {
    code = HMACSHA256(key: secret.span)
    prefix = "hmac-sha256:\(name):"
  }

  /// `hmac-sha256:`, the key's name, `:` and 64 hexadecimal digits.
  ///
  /// Line ends do not count: Consul's decoder skips them wherever they stand, so a token that was wrapped is the
  /// same token. Anyone who decodes a token and encodes it differently gets another digest.
  package mutating func digest(of token: Span<UInt8>) -> String {
    guard Self.hasControls(token) else { return prefix + code.code(for: token).hexadecimal }
    var rest: [UInt8] = []
    for index in token.indices where !Self.isLineEnd(token[index]) { rest.append(token[index]) }
    return prefix + code.code(for: rest.span).hexadecimal
  }

  /// Whether there may be a line end: they are below U+0020, which hardly any token has. Tokens are long, so eight bytes
  /// are looked at in one step; a borrow can only mark a byte above one that is marked, too.
  private static func hasControls(_ token: Span<UInt8>) -> Bool {
    var found: UInt64 = 0
    var index = 0
    unsafe token.withUnsafeBytes { bytes in
      while index &+ 8 <= bytes.count {
        let word = unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        found |= (word &- 0x2020_2020_2020_2020) & ~word & 0x8080_8080_8080_8080
        index &+= 8
      }
    }
    while index < token.count {
      if token[index] < 0x20 { return true }
      index &+= 1
    }
    return found != 0
  }

  private static func isLineEnd(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }
}
