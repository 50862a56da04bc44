// Byte strings in order, for exact and longest-prefix questions without allocation.

import HTTP

/// Maps distinct byte strings to small numbers.
///
/// The keys lie one after the other in one buffer, sorted, so a question is a binary search over integers and
/// bytes. For longest-prefix questions each key knows its `parent`, the longest other key that begins it: if
/// `p` is the longest key that begins `s`, every key between `p` and `s` in the order begins with `p`, so the
/// search for `s` lands in the family of `p` and climbing finds it. A climb is never longer than a key.
struct KeyTable: Sendable {
  private let bytes: [UInt8]
  private let entries: [Entry]

  private struct Entry {
    /// The first eight bytes of the key as a number, zeros behind shorter ones: most comparisons end here.
    let lead: UInt64
    /// The key is `bytes[start..<start + length]`.
    let start: Int32
    let length: Int32
    let parent: Int32
    let value: Int32
  }

  /// `entries` must hold no key twice: the loader refuses duplicates before they come here.
  init(_ entries: [(key: [UInt8], value: Int32)]) {
    let sorted = entries.sorted { $0.key.lexicographicallyPrecedes($1.key) }
    self.bytes = sorted.flatMap(\.key)
    var made: [Entry] = []
    var start: Int32 = 0
    for (index, entry) in sorted.enumerated() {
      var parent = Int32(index) - 1
      while parent >= 0, !entry.key.starts(with: sorted[Int(parent)].key) {
        parent = made[Int(parent)].parent
      }
      let length = Int32(entry.key.count)
      made.append(
        Entry(lead: entry.key.span.lead, start: start, length: length, parent: parent, value: entry.value))
      start += length
    }
    self.entries = made
  }

  var isEmpty: Bool { entries.isEmpty }

  @inline(__always)
  func value(of key: Span<UInt8>) -> Int32? {
    guard !isEmpty, let index = last(notAfter: key) else { return nil }
    let entry = entries[index]
    guard entry.length == key.count, begins(key, with: entry) else { return nil }
    return entry.value
  }

  /// The longest key that begins `text`, with its length in bytes.
  @inline(__always)
  func longestPrefix(of text: Span<UInt8>) -> (length: Int, value: Int32)? {
    var found: (length: Int, value: Int32)?
    forEachPrefix(of: text) { length, value in
      found = (length, value)
      return false
    }
    return found
  }

  /// Visits every key that begins `text`, longest first, until `body` returns false.
  @inline(__always)
  func forEachPrefix(of text: Span<UInt8>, _ body: (_ length: Int, _ value: Int32) -> Bool) {
    guard !isEmpty, var index = last(notAfter: text) else { return }
    while true {
      let entry = entries[index]
      if begins(text, with: entry) {
        guard body(Int(entry.length), entry.value) else { return }
      }
      guard entry.parent >= 0 else { return }
      index = Int(entry.parent)
    }
  }

  @inline(__always)
  private func range(of entry: Entry) -> Range<Int> {
    Int(entry.start)..<Int(entry.start) + Int(entry.length)
  }

  @inline(__always)
  private func begins(_ text: Span<UInt8>, with entry: Entry) -> Bool {
    text.begins(with: bytes.span.extracting(range(of: entry)))
  }

  /// The index of the greatest key that is not after `text` in byte order. A single key need not be looked for: anyone who
  /// asks compares it in full.
  @inline(__always)
  private func last(notAfter text: Span<UInt8>) -> Int? { entries.count == 1 ? 0 : search(text) }

  private func search(_ text: Span<UInt8>) -> Int? {
    let lead = text.lead
    var low = 0
    var high = entries.count
    while low < high {
      let middle = (low + high) / 2
      let entry = entries[middle]
      let isAfter =
        entry.lead == lead ? text.precedes(bytes.span.extracting(range(of: entry))) : entry.lead > lead
      if isAfter { high = middle } else { low = middle + 1 }
    }
    return low == 0 ? nil : low - 1
  }
}

extension Span<UInt8> {
  /// The first eight bytes, the first of them in the highest byte.
  @inline(__always)
  fileprivate var lead: UInt64 {
    if count >= 8 { return word(at: 0).byteSwapped }
    var lead: UInt64 = 0
    for index in 0..<count { lead |= UInt64(self[index]) << UInt64(56 - 8 * index) }
    return lead
  }

  /// Byte order, a shorter text before its continuations.
  fileprivate func precedes(_ other: Span<UInt8>) -> Bool {
    let common = Swift.min(count, other.count)
    var index = 0
    while index &+ 8 <= common {
      let (word, otherWord) = (word(at: index), other.word(at: index))
      if word != otherWord { return word.byteSwapped < otherWord.byteSwapped }
      index &+= 8
    }
    while index < common {
      if self[index] != other[index] { return self[index] < other[index] }
      index &+= 1
    }
    return count < other.count
  }
}
