// What a client wrote in places where it may have put a secret, as it may stand in a record.

internal import Audit
internal import HTTP

/// Cuts what looks like a secret, and digests it, so that two records can still be compared.
package struct RecordedText {
  package let secrets: PresentedSecrets
  /// For what is cut.
  package let digester: TextDigester

  package init(secrets: PresentedSecrets, digester: TextDigester) {
    self.secrets = secrets
    self.digester = digester
  }

  /// A field that people write: words that are long enough for a secret are cut.
  package func words(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    cut(hidden(text), at: RecordLimits.longestRecordedWord) { byte in
      RunBytes.isAlphanumeric(byte) || RunBytes.others.contains(byte)
    }
  }

  /// A host name has long labels, but they have hyphens; 32 letters and digits in a row, or a UUID, are no part of one.
  package func host(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let text = hidden(text)
    for label in text.split(separator: UInt8(ascii: "."))
    where label.count > RecordLimits.longestRecordedLabel || Self.isUUID(label)
      || !label.allSatisfy(RunBytes.isInHost)
    {
      return words(text)
    }
    return cut(text, at: RecordLimits.longestRecordedWord, RunBytes.isAlphanumeric)
  }

  /// A field that the operator wants to see: only what is known to be a secret is left out.
  package func listed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> { hidden(text) }

  /// An error's text: names of peerings, paths and identifiers have hyphens; so many bytes of base64 without one are part of a
  /// peering token.
  package func sentence(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    cut(hidden(text), at: RecordLimits.longestRecordedWord, upTo: AuditLimits.reasonBytes, RunBytes.isBase64)
  }

  /// Text of which all is one thing: a method.
  package func whole(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    let text = hidden(text)
    guard text.count > Quotation.longestBytes else { return text }
    return (text.prefix(Quotation.beginningBytes) + mark(for: text.dropFirst(Quotation.beginningBytes)))[...]
  }

  private func hidden(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    secrets.stand(in: text.span) ? secrets.hidden(in: Array(text))[...] : text
  }

  /// `text` with its runs of `bytes` cut that have `limit` of them or more.
  private func cut(
    _ text: ArraySlice<UInt8>, at limit: Int, upTo shownBytes: Int = AuditLimits.clientTextBytes,
    _ isInRun: (UInt8) -> Bool
  ) -> ArraySlice<UInt8> {
    var result: [UInt8] = []
    var (kept, start) = (text.startIndex, text.startIndex)
    for index in text.startIndex...text.endIndex {
      if index < text.endIndex, isInRun(text[index]) { continue }
      if index - start >= limit {
        let end = start + Quotation.beginningBytes
        result += text[kept..<end]
        result += mark(for: text[end..<index])
        kept = index
        // What follows is not shown, and a digest has its price.
        if result.count >= shownBytes { break }
      }
      start = index + 1
    }
    return kept == text.startIndex ? text : (result + text[kept...])[...]
  }

  /// What stands for `cut`.
  package func mark(for cut: ArraySlice<UInt8>) -> [UInt8] {
    Array("...(\(digester.digest(of: cut.span)), +\(cut.count) bytes)".utf8)
  }

  private static func isUUID(_ label: ArraySlice<UInt8>) -> Bool {
    label.count == 36 && [8, 13, 18, 23].allSatisfy { label[label.startIndex + $0] == UInt8(ascii: "-") }
  }

  private enum RunBytes {
    /// Those of the base64 alphabets, and the hyphens of a UUID.
    static let others: [UInt8] = Array("+=_-".utf8)

    static func isAlphanumeric(_ byte: UInt8) -> Bool {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: false
      }
    }

    static func isBase64(_ byte: UInt8) -> Bool {
      isAlphanumeric(byte) || byte == UInt8(ascii: "+") || byte == UInt8(ascii: "/")
        || byte == UInt8(ascii: "=")
    }

    static func isInHost(_ byte: UInt8) -> Bool {
      isAlphanumeric(byte) || Array("-_:[]<>".utf8).contains(byte)
    }
  }
}
