// How far signatures reach, and where they are missing.
import Digests

/// Counts the lines since the last good signature, and the time they take, against what the writer leaves unsigned.
struct SignatureWatch {
  /// The number of the last record with a good signature.
  private(set) var signedUpTo: UInt64?
  /// Lines that no signature vouches for, though later ones are signed: a gate was killed before it signed them.
  private(set) var unvouched: [ClosedRange<UInt64>] = []
  private var stretch: Stretch?
  private var lastCovered: UInt64?

  /// Lines without a signature over them.
  struct Stretch {
    let first: UInt64
    var last: UInt64
    let place: LogPlace
    /// When the first of them was made, in microseconds.
    fileprivate let since: Int64
    /// Longer than a writer leaves it.
    var isTooLong = false
  }

  /// A record without a signature of the right key.
  ///
  /// - Parameter time: when it was made.
  mutating func pass(_ number: UInt64, at place: LogPlace, time: Int64, format: Int) {
    if lastCovered == nil { lastCovered = number - 1 }
    var current = stretch ?? Stretch(first: number, last: number, place: place, since: time)
    current.last = max(current.last, number)
    let (lines, seconds) =
      format > 1
      ? (AuditLimits.unsignedLines, AuditLimits.unsignedSeconds)
      : (AuditLimits.unsignedLinesOld, AuditLimits.unsignedSecondsOld)
    // Both ways: lines that claim to be older than the first are no better than those that are younger.
    let distance = (time - current.since).magnitude
    if current.last - current.first + 1 > lines || distance > UInt64(seconds) * 1_000_000 {
      current.isTooLong = true
    }
    stretch = current
  }

  /// A record with a good signature; the stretch before it, if that was too long.
  mutating func sign(_ number: UInt64, from: UInt64?) -> Stretch? {
    let covered = lastCovered ?? number - 1
    if let from, covered + 1 < from, from <= number { unvouched.append(covered + 1...from - 1) }
    (signedUpTo, lastCovered) = (number, number)
    defer { stretch = nil }
    return stretch.flatMap { $0.isTooLong ? $0 : nil }
  }

  /// What is left without a signature at the end.
  var tail: Stretch? { stretch }
}
