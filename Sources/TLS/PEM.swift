// PEM, the text form of certificates and keys (RFC 7468): blocks with a label, around base64.

internal import COpenSSL

enum PEM {
  struct Block {
    let label: String
    /// An encrypted key in OpenSSL's old form says so in headers inside the block (RFC 1421).
    let isEncrypted: Bool
    let der: [UInt8]
  }

  /// All blocks in order; text around them is ignored, as RFC 7468 section 2 allows.
  /// A block that is cut or no base64 is an error: what stands behind it would be lost in silence.
  static func blocks(in bytes: [UInt8], file: String) throws(TLSError) -> [Block] {
    var blocks: [Block] = []
    // A memory BIO keeps the pointer, so everything happens while the array is lent.
    try unsafe bytes.span.withUnsafeBytes { (text) throws(TLSError) in
      guard let base = text.baseAddress else { return }
      let bio = try unsafe Owned.adopt("BIO_new_mem_buf", freeing: { unsafe BIO_free_all($0) }) {
        unsafe BIO_new_mem_buf(base, Int32(text.count))
      }
      while true {
        switch unsafe bio.lend({ unsafe next(in: $0) }) {
        case .block(let block): blocks.append(block)
        case .end: return
        case .broken: throw .file(file, .brokenPEM(block: blocks.count + 1))
        }
      }
    }
    return blocks
  }

  static func text(label: String, der: [UInt8]) throws(TLSError) -> String {
    let bio = try memory()
    return try unsafe bio.lend { (bio) throws(TLSError) in
      try Call.check("PEM_write_bio") { unsafe PEM_write_bio(bio, label, "", der, der.count) }
      return unsafe contents(of: bio)
    }
  }

  /// An empty memory BIO, for functions that print.
  static func memory() throws(TLSError) -> Owned {
    try unsafe Owned.adopt("BIO_new", freeing: { unsafe BIO_free_all($0) }) { unsafe BIO_new(BIO_s_mem()) }
  }

  static func contents(of bio: OpaquePointer) -> String {
    var start: UnsafeMutablePointer<CChar>?
    let count = unsafe COpenSSL_BIO_get_mem_data(bio, &start)
    let bytes = unsafe UnsafeRawBufferPointer(start: start, count: count)
    return unsafe String(decoding: bytes, as: UTF8.self)
  }

  private enum Next {
    case block(Block)
    case end
    case broken
  }

  private static func next(in bio: OpaquePointer) -> Next {
    var label: UnsafeMutablePointer<CChar>?
    var headers: UnsafeMutablePointer<CChar>?
    var data: UnsafeMutablePointer<UInt8>?
    var count = 0
    let found = Call.attempt {
      unsafe PEM_read_bio(bio, &label, &headers, &data, &count) == 1 ? true : nil
    }
    if case .failed(let entries) = found {
      // Without another BEGIN line the text is over.
      return entries.contains { $0.library == ERR_LIB_PEM && $0.reason == PEM_R_NO_START_LINE }
        ? .end : .broken
    }
    guard let label = unsafe label, let headers = unsafe headers, let data = unsafe data else {
      return .broken
    }
    defer {
      unsafe CRYPTO_free(label, #file, #line)
      unsafe CRYPTO_free(headers, #file, #line)
      // It may have been a key.
      unsafe CRYPTO_clear_free(data, count, #file, #line)
    }
    return unsafe .block(
      Block(
        label: String(cString: label), isEncrypted: String(cString: headers).contains("ENCRYPTED"),
        der: Array(UnsafeBufferPointer(start: data, count: count))))
  }
}
