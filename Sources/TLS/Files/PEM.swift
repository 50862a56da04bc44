// PEM, the text form of certificates and keys (RFC 7468): blocks with a label, around base64.

internal import COpenSSL

enum PEM {
  struct Block {
    let label: String
    /// Of its BEGIN.
    let line: Int
    /// An encrypted key in OpenSSL's old form says so in headers inside the block (RFC 1421).
    let isEncrypted: Bool
    let der: [UInt8]

    /// Fit for a message: the label came from a file.
    var shownLabel: String { Quoted.text(label.utf8) }
  }

  /// All blocks in order. Text between them is ignored, as RFC 7468 section 2 allows, unless it looks like a block, or a
  /// part of one: what somebody put there to be read must not be missing in silence.
  static func blocks(in bytes: [UInt8], file: String) throws(TLSError) -> [Block] {
    if let form = ForeignForm(bytes) { throw .file(file, .foreignForm(form)) }
    var reader = PEMReader(bytes)
    do throws(PEMFault) {
      return try reader.blocks()
    } catch {
      throw .file(file, .brokenPEM(error))
    }
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
}

/// What keeps a block from being read, and in which line.
package struct PEMFault: Error, Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// Something stands before its dashes: blanks, a comment sign, a byte order mark.
    case begunLate
    /// It is like a BEGIN or an END, and is none.
    case misspelt
    case endWithoutBegin
    case otherEnd
    case noEnd
    case notBase64
    case strayBase64
    case carriageReturn
    case controlCharacter
  }

  package let line: Int
  package let kind: Kind

  var reason: String {
    switch kind {
    case .begunLate: "something stands before the dashes of this BEGIN or END, so the block would not be read"
    case .misspelt:
      "this is like the BEGIN or END of a block and is none, expected -----BEGIN ...----- with five dashes at each side"
    case .endWithoutBegin: "a block ends here that did not begin"
    case .otherEnd: "this END is not that of the block that began before it"
    case .noEnd: "the block that begins here does not end"
    case .notBase64: "the block is cut or is not base64"
    case .strayBase64: "this is base64 outside a block, whose BEGIN may be missing"
    case .carriageReturn: "the line ends with a carriage return alone, expected a line feed"
    case .controlCharacter: "there is a control character, so this is no text file"
    }
  }
}
