// How the cost of reading a text grows with its length.

import Glibc

/// Sizes are compared, not seconds, and the processor's time of this thread, not the clock's: what else the machine does
/// counts little, and of several tries the least counts.
package enum Growth {
  /// How much longer the long text is than the short one: a linear reader takes that much longer, a quadratic one the
  /// square of it.
  package static let factor = 8
  /// Bytes of the short text. A quadratic step over the long one, of four nanoseconds, would take a second.
  package static let shortBytes = 2_000
  /// Above it a reader is not linear. The square of the factor is 64.
  package static let limit = 3.0 * Double(factor)

  /// Of what a stranger can repeat at length: combining marks in alternating order, which normalisation takes the square
  /// of their number for, and whatever separates, escapes, opens or ends something in one of the grammars.
  package static let fillings: [String] = [
    "\u{315}\u{301}", "a", "1", ".", ",", ":", "/", "-", "=", "*", "%41", "\\u0041", "\"", "[", "{", " ",
    "a,", "a=a;", "1h",
    "é", "🏴",
  ]

  /// `filling`, again and again, in `bytes` bytes or a few less.
  package static func text(of filling: String, bytes: Int) -> String {
    String(repeating: filling, count: bytes / filling.utf8.count)
  }

  /// How many times as long the long text takes as the short one; the least of several comparisons. What is too short to
  /// be measured is no less than `leastNanoseconds`.
  package static func ratio(
    of filling: String, from bytes: Int = shortBytes, _ work: (String) -> Void
  ) -> Double {
    let (short, long) = (text(of: filling, bytes: bytes), text(of: filling, bytes: bytes * factor))
    return ratio({ work(short) }, { work(long) })
  }

  /// The same of two amounts of work, of which the second is `factor` times the first.
  package static func ratio(_ short: () -> Void, _ long: () -> Void) -> Double {
    var least = Double.infinity
    for _ in 0..<6 {
      let large = nanoseconds(long)
      if large < leastNanoseconds { return 1 }
      least = min(least, large / max(leastNanoseconds / Double(factor), nanoseconds(short)))
      if least < limit { break }
    }
    return least
  }

  private static let leastNanoseconds = 400_000.0

  private static func nanoseconds(_ work: () -> Void) -> Double {
    let start = now()
    work()
    return now() - start
  }

  private static func now() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
  }
}

/// A reader that takes a text from outside, by name.
package struct TextReader: Sendable {
  package let name: String
  package let read: @Sendable (String) -> Void

  package init(_ name: String, _ read: @escaping @Sendable (String) -> Void) {
    self.name = name
    self.read = read
  }

  /// The fillings whose cost grows faster than their length, each with its ratio.
  package func superlinear(from bytes: Int = Growth.shortBytes) -> [String] {
    Growth.fillings.compactMap { filling in
      let ratio = Growth.ratio(of: filling, from: bytes, read)
      return ratio < Growth.limit ? nil : "\(filling.debugDescription): \(ratio)"
    }
  }
}

extension TextReader: CustomStringConvertible {
  package var description: String { name }
}
