// A stranger's text as a sentence shows it, with all of it for anyone who must know what was left out.

/// The client reads `description`. A record may say more: a digest of what is cut, by which two records can be compared.
package struct QuotedInput: Sendable, Hashable, CustomStringConvertible {
  package enum Form: Sendable, Hashable {
    /// Between single quotes, a long one cut.
    case quoted
    /// The same without the quotes.
    case bare
    /// No byte of it, only how many there are.
    case length
  }

  package let input: [UInt8]
  private let form: Form

  package init(_ input: Span<UInt8>, as form: Form = .quoted) {
    self.input = input.copied
    self.form = form
  }

  package init(_ input: String, as form: Form = .quoted) {
    self.input = Array(input.utf8)
    self.form = form
  }

  package var description: String {
    let quoted = { Quotation.quote(input.span) }
    return switch form {
    case .quoted: quoted()
    case .bare: String(quoted().dropFirst().dropLast())
    case .length: "of \(input.count) bytes"
    }
  }

  /// With what `mark` says of the bytes that are cut; nil if none are.
  package func marked(_ mark: (ArraySlice<UInt8>) -> [UInt8]) -> [UInt8]? {
    if form == .length { return mark(input[...]) }
    let shown = Quotation.shownBytes(of: input.count)
    guard shown < input.count else { return nil }
    let end: [UInt8] = form == .quoted ? [0x27] : []
    // Without the quotation's own mark and what closes it.
    let beginning = description.utf8.dropLast(Quotation.cutMark.utf8CodeUnitCount + end.count)
    return beginning + mark(input[shown...]) + end
  }
}

extension Span<UInt8> {
  fileprivate var copied: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    for index in indices { bytes.append(self[index]) }
    return bytes
  }
}
