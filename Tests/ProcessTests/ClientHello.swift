// A TLS ClientHello written by hand: says what no library of ours would say.

/// RFC 5246 7.4.1.2. `version` is the second byte: 1 is TLS 1.0, 3 is TLS 1.2.
struct ClientHello {
  let bytes: [UInt8]

  init(version: UInt8, suites: [UInt16], protocols: [String] = []) {
    var extensions = Self.block(10, Self.list([0, 29, 0, 23]))  // groups: X25519, P-256
    extensions += Self.block(11, [1, 0])  // uncompressed points
    extensions += Self.block(13, Self.list([4, 3, 5, 3, 8, 4, 4, 1]))  // ECDSA and RSA signatures
    if !protocols.isEmpty {
      extensions += Self.block(16, Self.list(protocols.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }))
    }
    let random = [UInt8](repeating: 0x5A, count: 32)
    let suites = Self.list(suites.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] })
    let body = [3, version] + random + [0] + suites + [1, 0] + Self.list(extensions)
    let message = [1, 0] + Self.list(body)
    bytes = [0x16, 3, 1] + Self.list(message)
  }

  /// With its length in two bytes.
  private static func list(_ content: [UInt8]) -> [UInt8] {
    [UInt8(content.count >> 8), UInt8(content.count & 0xFF)] + content
  }

  private static func block(_ type: UInt8, _ content: [UInt8]) -> [UInt8] { [0, type] + list(content) }
}
