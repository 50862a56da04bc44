// What stops a scan: small enough to be thrown through the hot path at no cost.

struct ScanFault: Error {
  enum Kind {
    case end(StaticString)
    case byte(expected: StaticString)
    case control
    case escape
    case notUTF8
    case trailing
    case depth
    case token
  }

  let kind: Kind
  let offset: Int

  init(_ kind: Kind, _ offset: Int) {
    self.kind = kind
    self.offset = offset
  }

  /// The same in full. Lines are counted only now that somebody wants to know.
  func malformation(in text: Span<UInt8>) -> Malformation {
    let lines = text.lines(before: min(offset, text.count))
    let position = Position(line: lines.count + 1, column: offset - lines.start + 1)
    return Malformation(reason(in: text), position: position, offset: offset)
  }

  private func reason(in text: Span<UInt8>) -> Malformation.Reason {
    switch kind {
    case .end(let expected): .unexpectedEnd(expected: expected.description)
    case .byte(let expected): .unexpectedByte(text[offset], expected: expected.description)
    case .control: .controlByteInString(text[offset])
    case .escape: .invalidEscape
    case .notUTF8: .invalidUTF8
    case .trailing: .trailingData
    case .depth: .tooDeep(limit: Limits.scannedDepth)
    case .token: .tokenTooLong(limitBytes: Limits.scannedTokenBytes)
    }
  }
}
