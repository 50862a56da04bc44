// SHA-256 of something, as a key to look up.

internal import COpenSSL

struct Fingerprint: Sendable, Hashable {
  static let byteCount = 32

  private let words: (UInt64, UInt64, UInt64, UInt64)

  /// Of all `parts`, each with its length before it: two lists of parts that differ have different fingerprints.
  init(of parts: [UInt8]...) throws(TLSError) {
    var text: [UInt8] = []
    for part in parts {
      unsafe withUnsafeBytes(of: UInt64(part.count).bigEndian) { unsafe text.append(contentsOf: $0) }
      text += part
    }
    var digest = [UInt8](repeating: 0, count: Self.byteCount)
    try Call.check("EVP_Digest") { unsafe EVP_Digest(text, text.count, &digest, nil, EVP_sha256(), nil) }
    self.init(bytes: digest[...])
  }

  /// `bytes` has `byteCount` bytes.
  init(bytes: ArraySlice<UInt8>) {
    let word = { (index: Int) in
      bytes.dropFirst(8 * index).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }
    words = (word(0), word(1), word(2), word(3))
  }

  var bytes: [UInt8] {
    [words.0, words.1, words.2, words.3].flatMap { word in
      (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64($0))) }
    }
  }

  static func == (left: Self, right: Self) -> Bool {
    // By hand: the library compares tuples by calls.
    left.words.0 == right.words.0 && left.words.1 == right.words.1 && left.words.2 == right.words.2
      && left.words.3 == right.words.3
  }

  func hash(into hasher: inout Hasher) {
    // Each word is as good as random.
    hasher.combine(words.0)
  }
}
