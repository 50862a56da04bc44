// Where secrets stand in a text, found in linear time whatever both are.

internal import HTTP

/// The automaton of Aho and Corasick: one walk over a text finds every secret in it. It takes time in proportion to the
/// text, and to make it in proportion to the secrets. Both come from strangers, who may choose them so that nearly a
/// secret begins at each byte: to compare at each takes the product of the lengths.
package struct SecretSearch {
  /// A beginning of secrets; the first is the empty one.
  private struct State {
    let byte: UInt8
    let depth: Int
    /// Its continuations: the first of them, and the next one of the state before. Zero: none.
    var firstChild = 0
    var nextSibling = 0
    /// The longest other beginning with which this one ends.
    var fallback = 0
    /// The longest secret with which this beginning ends, itself included. Zero: none.
    var ending = 0
  }

  private var states = [State(byte: 0, depth: 0)]
  /// What every secret begins with, in each byte of a word; nil if they begin differently.
  private var onlyBeginning: UInt64?

  /// Each call of `add` within `secrets` adds one.
  package init(_ secrets: (_ add: (Span<UInt8>) -> Void) -> Void) {
    var states = [State(byte: 0, depth: 0)]
    secrets { secret in
      Self.add(secret.extracting(first: RecordLimits.presentedSecretBytes), to: &states)
    }
    self.states = states
    let first = states[states[0].firstChild]
    if states.count > 1, first.nextSibling == 0 { onlyBeginning = Self.everyByte * UInt64(first.byte) }
    connect()
  }

  private static func add(_ secret: Span<UInt8>, to states: inout [State]) {
    var state = 0
    for index in secret.indices {
      if let child = child(of: state, secret[index], in: states) {
        state = child
      } else {
        states.append(
          State(byte: secret[index], depth: index + 1, nextSibling: states[state].firstChild))
        states[state].firstChild = states.count - 1
        state = states.count - 1
      }
    }
    states[state].ending = state
  }

  /// From the short beginnings to the long ones.
  private mutating func connect() {
    var queue = [0]
    var next = 0
    while next < queue.count {
      let state = queue[next]
      next += 1
      var child = states[state].firstChild
      while child != 0 {
        if state != 0 {
          states[child].fallback = following(states[state].fallback, states[child].byte)
        }
        if states[child].ending == 0 { states[child].ending = states[states[child].fallback].ending }
        queue.append(child)
        child = states[child].nextSibling
      }
    }
  }

  /// The first place that ends first, or nil if there is none.
  package func firstRange(in text: Span<UInt8>) -> Range<Int>? {
    var (state, index) = (0, 0)
    while index < text.count {
      if state == 0, let onlyBeginning {
        while index &+ 8 <= text.count, !text.word(at: index).hasByte(of: onlyBeginning) { index &+= 8 }
        if index == text.count { return nil }
      }
      state = following(state, text[index])
      if let range = range(endingAt: index, of: state, in: text) { return range }
      index += 1
    }
    return nil
  }

  private static let everyByte: UInt64 = 0x0101_0101_0101_0101

  /// `text`, with `mark` in place of each; of those that overlap, in place of all together.
  package func replaced(in text: [UInt8], by mark: some Collection<UInt8>) -> [UInt8] {
    var ranges: [Range<Int>] = []
    var state = 0
    for index in text.indices {
      state = following(state, text[index])
      guard var range = range(endingAt: index, of: state, in: text.span) else { continue }
      if let last = ranges.last, last.upperBound >= range.upperBound { continue }
      while let last = ranges.last, last.upperBound > range.lowerBound {
        range = min(last.lowerBound, range.lowerBound)..<range.upperBound
        ranges.removeLast()
      }
      ranges.append(range)
    }
    var result: [UInt8] = []
    var rest = 0
    for range in ranges {
      result += text[rest..<range.lowerBound]
      result += mark
      rest = range.upperBound
    }
    return result + text[rest...]
  }

  /// Of a secret that is longer than all that is written of a text only the beginning is sought: what follows it is none of
  /// the reader's either.
  private func range(endingAt index: Int, of state: Int, in text: Span<UInt8>) -> Range<Int>? {
    var ending = states[state].ending
    while ending != 0 {
      let range = (index + 1 - states[ending].depth)..<(index + 1)
      if range.count >= RecordLimits.presentedSecretBytes { return range.lowerBound..<text.count }
      if text.isSecret(range) { return range }
      ending = states[states[ending].fallback].ending
    }
    return nil
  }

  private func following(_ state: Int, _ byte: UInt8) -> Int {
    var state = state
    while true {
      if let child = Self.child(of: state, byte, in: states) { return child }
      if state == 0 { return 0 }
      state = states[state].fallback
    }
  }

  private static func child(of state: Int, _ byte: UInt8, in states: [State]) -> Int? {
    var child = states[state].firstChild
    while child != 0 {
      if states[child].byte == byte { return child }
      child = states[child].nextSibling
    }
    return nil
  }
}

extension UInt64 {
  /// Whether one of its bytes is that of which all of `bytes` are.
  @inline(__always)
  fileprivate func hasByte(of pattern: UInt64) -> Bool {
    let difference = self ^ pattern
    return (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080 != 0
  }
}

extension Span<UInt8> {
  /// A short secret may be a word like any other: it counts where it is a word by itself.
  fileprivate func isSecret(_ range: Range<Int>) -> Bool {
    if range.count >= RecordLimits.wordSecretBytes { return true }
    return (range.lowerBound == 0 || !isInWord(range.lowerBound - 1))
      && (range.upperBound == count || !isInWord(range.upperBound))
  }

  private func isInWord(_ index: Int) -> Bool {
    switch self[index] {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
