// Keys as text, through OpenSSL's memory files.

import COpenSSL

enum PEM {
  static func read(
    _ text: Span<UInt8>, _ body: (OpaquePointer) -> OpaquePointer?
  ) throws(DigestError) -> OpaquePointer {
    guard text.count <= DigestLimits.keyFileBytes else {
      throw .unusableKey(expected: "a file of a few lines")
    }
    // OpenSSL passes over what it does not read, and a second key would be forgotten in silence.
    guard beginnings(in: text) == 1 else { throw .unusableKey(expected: "one PEM block and no other") }
    return try unsafe text.withUnsafeBytes { (bytes) throws(DigestError) in
      let file = try unsafe Call.make("BIO_new_mem_buf") {
        unsafe BIO_new_mem_buf(bytes.baseAddress, Int32(bytes.count))
      }
      defer { unsafe BIO_free_all(file) }
      return try unsafe Call.make("PEM_read_bio") { unsafe body(file) }
    }
  }

  /// Whatever stands before them: misspelt and indented ones count.
  private static func beginnings(in text: Span<UInt8>) -> Int {
    let word = Array("begin".utf8)
    var count = 0
    for start in 0..<max(0, text.count - word.count + 1) {
      let isWord = word.indices.allSatisfy { text[start + $0] | 0x20 == word[$0] }
      guard isWord else { continue }
      // Behind a dash, with blanks between them or none; in a comment it is a word like others.
      var before = start - 1
      while before >= 0, text[before] == 0x20 || text[before] == 0x09 { before -= 1 }
      if before >= 0, text[before] == UInt8(ascii: "-") { count += 1 }
    }
    return count
  }

  static func write(_ body: (OpaquePointer) -> Int32) throws(DigestError) -> [UInt8] {
    let file = try unsafe Call.make("BIO_new") { unsafe BIO_new(BIO_s_secmem()) }
    defer { unsafe BIO_free_all(file) }
    try Call.check("PEM_write_bio") { unsafe body(file) }
    var text = [UInt8](repeating: 0, count: DigestLimits.keyFileBytes)
    let count = unsafe text.withUnsafeMutableBytes { unsafe BIO_read(file, $0.baseAddress, Int32($0.count)) }
    guard count > 0 else { throw Call.failure("BIO_read") }
    text.removeSubrange(Int(count)...)
    return text
  }
}

/// Without it OpenSSL would stop and ask the terminal for the password of an encrypted key.
func refusePassword(
  _: UnsafeMutablePointer<CChar>?, _: CInt, _: CInt, _: UnsafeMutableRawPointer?
) -> CInt { -1 }
