// Why a digest, key, signature or encoding could not be had.

package enum DigestError: Error, Sendable, Hashable {
  /// OpenSSL refused; `reasons` is its error queue, oldest first. Ours, or the machine's, to mend.
  case openSSL(call: String, reasons: [String])
  /// A key file holds no key of the kind that is needed. The fault of the author of the file.
  case unusableKey(expected: String)
  /// The byte at this offset cannot stand there; the offset may be the length, where the text ends early.
  case illegalBase64(offset: Int)
  case illegalHexadecimal(offset: Int)
}

extension DigestError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .openSSL(let call, let reasons):
      "\(call) failed: " + (reasons.isEmpty ? "OpenSSL gives no reason" : reasons.joined(separator: "; "))
    case .unusableKey(let expected): "not a usable key, expected \(expected)"
    case .illegalBase64(let offset): "illegal base64 data at input byte \(offset)"
    case .illegalHexadecimal(let offset):
      "illegal hexadecimal data at input byte \(offset), expected pairs of 0-9 and a-f"
    }
  }
}
