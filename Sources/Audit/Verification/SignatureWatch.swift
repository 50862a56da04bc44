// How far signatures reach, and where they are missing.
import Digests

/// Counts the lines since the last good signature, and the time they take, against what the writer leaves unsigned.
struct SignatureWatch {
  /// The number of the last record with a good signature.
  private(set) var signedUpTo: UInt64?
  /// Lines that no signature vouches for, though later ones are signed: a gate was killed before it signed them.
  private(set) var unvouched: [ClosedRange<UInt64>] = []
  /// Lines that say they were made long before the signature before them, or long after the one behind them.
  private(set) var stray: [ClosedRange<UInt64>] = []
  private var stretch: Stretch?
  private var lastCovered: UInt64?
  /// When the last good signature was made, and whether it is of format 1. Only such a one proves that what stands around
  /// it was left unsigned by a writer of format 1, which took longer: a forger chooses what lines look like.
  private var signed: (time: Int64, isOld: Bool)?

  /// Lines without a signature over them.
  struct Stretch {
    let first: UInt64
    var last: UInt64
    let place: LogPlace
    /// When the first of them was made, in microseconds.
    fileprivate let since: Int64
    fileprivate var times: ClosedRange<Int64>
    /// Longer than a writer leaves it, of today's format and of format 1.
    fileprivate var isTooLong = (new: false, old: false)
  }

  /// A record without a signature of the right key.
  ///
  /// - Parameter time: when it was made.
  mutating func pass(_ number: UInt64, at place: LogPlace, time: Int64) {
    if lastCovered == nil { lastCovered = number - 1 }
    var current =
      stretch ?? Stretch(first: number, last: number, place: place, since: time, times: time...time)
    current.last = max(current.last, number)
    let lines = current.last - current.first + 1
    // Both ways: lines that claim to be older than the first are no better than those that are younger.
    let distance = (time - current.since).magnitude
    if lines > AuditLimits.unsignedLines || distance > UInt64(AuditLimits.unsignedSeconds) * 1_000_000 {
      current.isTooLong.new = true
    }
    if lines > AuditLimits.unsignedLinesOld || distance > UInt64(AuditLimits.unsignedSecondsOld) * 1_000_000 {
      current.isTooLong.old = true
    }
    if time < current.times.lowerBound { current.times = time...current.times.upperBound }
    if time > current.times.upperBound { current.times = current.times.lowerBound...time }
    stretch = current
  }

  /// A record with a good signature; the stretch before it, if that was too long.
  mutating func sign(_ number: UInt64, from: UInt64?, time: Int64) -> Stretch? {
    let covered = lastCovered ?? number - 1
    if let from, covered + 1 < from, from <= number { unvouched.append(covered + 1...from - 1) }
    defer { (stretch, signed) = (nil, (time, from == nil)) }
    (signedUpTo, lastCovered) = (number, number)
    guard let stretch else { return nil }
    let slack = AuditLimits.strayTimeSeconds * 1_000_000
    if isBeforeSignature(stretch) || stretch.times.upperBound > time + slack {
      stray.append(stretch.first...stretch.last)
    }
    let isOld = from == nil || signed?.isOld == true
    return (isOld ? stretch.isTooLong.old : stretch.isTooLong.new) ? stretch : nil
  }

  /// After the last line: what is left without a signature there, if it is too long.
  mutating func finish() -> Stretch? {
    guard let stretch else { return nil }
    if isBeforeSignature(stretch) { stray.append(stretch.first...stretch.last) }
    return (signed?.isOld == true ? stretch.isTooLong.old : stretch.isTooLong.new) ? stretch : nil
  }

  private func isBeforeSignature(_ stretch: Stretch) -> Bool {
    guard let signed else { return false }
    return stretch.times.lowerBound < signed.time - AuditLimits.strayTimeSeconds * 1_000_000
  }
}
