// Which lines of a log are asked for.

/// Every condition that is given must hold. Lines of the journal itself match only an empty query.
package struct RecordQuery: Sendable, Equatable {
  /// Name or accessor ID of a token.
  package var subject: String?
  package var peer: String?
  package var partition: String?
  package var operation: String?
  package var outcome: String?
  package var status: String?
  /// The gate's own name of a request, the client's, or that of a trace.
  package var id: String?
  /// Bounds on `created_at`, as text: RFC 3339 timestamps in UTC sort like the times they stand for.
  package var since: String?
  package var until: String?

  package init() {}

  package func matches(_ entry: RecordedEntry) -> Bool {
    if let subject, subject != entry.subject, subject != entry.accessorID { return false }
    let pairs: [(String?, String?)] = [
      (peer, entry.peer), (partition, entry.partition), (operation, entry.operation),
      (outcome, entry.outcome),
      (status, entry.status),
    ]
    if let id, id != entry.id, id != entry.requestID, id != entry.traceID { return false }
    for (wanted, found) in pairs where wanted != nil && wanted != found { return false }
    if let since, entry.createdAt < since { return false }
    if let until, entry.createdAt >= until { return false }
    return true
  }

  /// Whether the line can match at all, by its bytes: parsing costs more than reading. Never false for a
  /// line that matches, since the values come from sets without characters that JSON escapes.
  package func mayMatch(_ line: Span<UInt8>) -> Bool {
    for text in [subject, peer, id].compactMap({ $0 }) where isPlain(text) {
      guard Self.contains(Array("\"\(text)\"".utf8), in: line) else { return false }
    }
    return true
  }

  private static func contains(_ needle: [UInt8], in line: Span<UInt8>) -> Bool {
    var start = 0
    while start + needle.count <= line.count {
      // The byte behind the quotation mark is rarer than the mark itself.
      if line[start + 1] == needle[1], needle.indices.allSatisfy({ line[start + $0] == needle[$0] }) {
        return true
      }
      start += 1
    }
    return false
  }

  private func isPlain(_ text: String) -> Bool {
    text.utf8.allSatisfy { 0x20..<0x7F ~= $0 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
  }

  /// The start of a period that ends now: `90s`, `15m`, `1h`, `7d`; or an instant, `2026-01-02T03:04:05Z`
  /// or the beginning of one, `2026-01-02`. Nil for anything else.
  package static func instant(_ text: String, now: WallTime) -> String? {
    let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
    if let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()),
      0...1_000_000_000 ~= count
    {
      var formatter = TimestampFormatter()
      formatter.format(WallTime(microseconds: now.microseconds - count * unit * 1_000_000))
      return String(decoding: formatter.text, as: UTF8.self)
    }
    let pattern = Array("0000-00-00T00:00:00.000000".utf8)
    let digits = Array((text.last == "Z" ? text.dropLast() : text[...]).utf8)
    guard digits.count >= 4, digits.count <= pattern.count,
      zip(digits, pattern).allSatisfy({ $1 == 48 ? 48...57 ~= $0 : $0 == $1 })
    else { return nil }
    return String(decoding: digits, as: UTF8.self)
  }
}
