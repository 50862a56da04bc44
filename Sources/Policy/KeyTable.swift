// Byte strings in order, for exact and longest-prefix questions without allocation.

/// Maps distinct byte strings to small numbers.
///
/// The keys lie one after the other in one buffer, sorted, so a question is a binary search over integers and
/// bytes. For longest-prefix questions each key knows its `parent`, the longest other key that begins it: if
/// `p` is the longest key that begins `s`, every key between `p` and `s` in the order begins with `p`, so the
/// search for `s` lands in the family of `p` and climbing finds it. A climb is never longer than a key.
struct KeyTable: Sendable {
  private let bytes: [UInt8]
  /// The first eight bytes of each key as a number, zeros behind shorter ones: most comparisons end here.
  private let leads: [UInt64]
  /// Key `i` is `bytes[starts[i]..<starts[i + 1]]`.
  private let starts: [Int32]
  private let parents: [Int32]
  private let values: [Int32]

  /// `entries` must hold no key twice: the loader refuses duplicates before they come here.
  init(_ entries: [(key: [UInt8], value: Int32)]) {
    let sorted = entries.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    var bytes: [UInt8] = []
    var starts: [Int32] = [0]
    var parents: [Int32] = []
    for (index, entry) in sorted.enumerated() {
      var parent = Int32(index) - 1
      while parent >= 0, !entry.key.starts(with: sorted[Int(parent)].key) { parent = parents[Int(parent)] }
      parents.append(parent)
      bytes += entry.key
      starts.append(Int32(bytes.count))
    }
    self.bytes = bytes
    self.starts = starts
    self.parents = parents
    leads = sorted.map { $0.key.span.lead }
    values = sorted.map(\.value)
  }

  var isEmpty: Bool { values.isEmpty }

  func value(of key: Span<UInt8>) -> Int32? {
    guard let index = last(notAfter: key) else { return nil }
    let (start, end) = (Int(starts[index]), Int(starts[index + 1]))
    guard end - start == key.count, key.begins(with: bytes.span.extracting(start..<end)) else { return nil }
    return values[index]
  }

  /// The longest key that begins `text`, with its length in bytes.
  func longestPrefix(of text: Span<UInt8>) -> (length: Int, value: Int32)? {
    var found: (length: Int, value: Int32)?
    forEachPrefix(of: text) { length, value in
      found = (length, value)
      return false
    }
    return found
  }

  /// Visits every key that begins `text`, longest first, until `body` returns false.
  func forEachPrefix(of text: Span<UInt8>, _ body: (_ length: Int, _ value: Int32) -> Bool) {
    guard var index = last(notAfter: text) else { return }
    while true {
      let (start, end) = (Int(starts[index]), Int(starts[index + 1]))
      if text.begins(with: bytes.span.extracting(start..<end)) {
        guard body(end - start, values[index]) else { return }
      }
      let parent = Int(parents[index])
      guard parent >= 0 else { return }
      index = parent
    }
  }

  /// The index of the greatest key that is not after `text` in byte order.
  private func last(notAfter text: Span<UInt8>) -> Int? {
    let lead = text.lead
    let leads = leads.span
    let starts = starts.span
    let bytes = bytes.span
    var low = 0
    var high = leads.count
    while low < high {
      let middle = (low + high) / 2
      var isAfter = leads[middle] > lead
      if leads[middle] == lead {
        isAfter = text.precedes(bytes.extracting(Int(starts[middle])..<Int(starts[middle + 1])))
      }
      if isAfter { high = middle } else { low = middle + 1 }
    }
    return low == 0 ? nil : low - 1
  }
}

extension Span<UInt8> {
  func begins(with prefix: Span<UInt8>) -> Bool {
    guard prefix.count <= count else { return false }
    for index in prefix.indices where self[index] != prefix[index] { return false }
    return true
  }

  fileprivate var lead: UInt64 {
    var lead: UInt64 = 0
    for index in 0..<Swift.min(count, 8) { lead |= UInt64(self[index]) << UInt64(56 - 8 * index) }
    return lead
  }

  /// Byte order, a shorter text before its continuations.
  fileprivate func precedes(_ other: Span<UInt8>) -> Bool {
    let common = Swift.min(count, other.count)
    for index in 0..<common where self[index] != other[index] { return self[index] < other[index] }
    return count < other.count
  }
}
