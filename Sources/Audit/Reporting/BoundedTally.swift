// How often something happened, and when first and last.
import Bytes

/// Holds a bounded number of keys: what comes with further ones is counted all together.
struct BoundedTally: Sendable {
  struct Row: Sendable {
    let key: [ByteString]
    var count: Int
    let first: ByteString
    var last: ByteString
  }

  private let limit: Int
  private var indexes: [[ByteString]: Int] = [:]
  private(set) var rows: [Row] = []
  /// Occurrences under keys that are not held.
  private(set) var others = 0

  init(limit: Int = AuditLimits.reportKeys) { self.limit = limit }

  mutating func add(_ key: [ByteString?], _ count: Int = 1, at time: ByteString) {
    let key = key.map { ($0 ?? "-").cut }
    if let index = indexes[key] {
      rows[index].count = rows[index].count.addingClamped(count)
      rows[index].last = time.cut
    } else if rows.count < limit {
      indexes[key] = rows.count
      rows.append(Row(key: key, count: count, first: time.cut, last: time.cut))
    } else {
      others = others.addingClamped(count)
    }
  }

  /// The most frequent ones; equals in the order of their keys.
  var byCount: [Row] {
    rows.sorted { $0.count != $1.count ? $0.count > $1.count : $0.key.lexicographicallyPrecedes($1.key) }
  }

  var byKey: [Row] { rows.sorted { $0.key.lexicographicallyPrecedes($1.key) } }
}

extension Int {
  /// What a forged line counts must not stop the program.
  func addingClamped(_ other: Int) -> Int {
    let (sum, overflows) = addingReportingOverflow(other)
    return overflows ? .max : sum
  }
}

extension ByteString {
  /// Its beginning, which is all of it unless somebody forged it: tables hold many of these.
  var cut: ByteString {
    guard count > AuditLimits.reportTextBytes else { return self }
    var scalars = String.UnicodeScalarView()
    var bytes = 0
    for scalar in string.unicodeScalars {
      bytes += UTF8.width(scalar)
      if bytes > AuditLimits.reportTextBytes { break }
      scalars.append(scalar)
    }
    return ByteString(String(scalars) + "…")
  }
}
