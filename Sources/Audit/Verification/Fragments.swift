// What stands between records and is none.
import Digests

/// Bounded, however much of it there is: one file of newlines must not fill the memory.
struct Fragments {
  private(set) var count = 0
  /// Bytes of all of them, newlines aside.
  private(set) var bytes = 0
  /// Of one, SHA-256 of what stands before the zeros at its end; of more, SHA-256(digest of those before ‖ digest of the
  /// next). Nil where some cannot be what a crash left.
  private(set) var digest: SHA256Digest?
  /// Of the last one.
  private(set) var lastBytes = 0
  private(set) var lastIsTerminated = false
  private(set) var places: [LogPlace] = []

  /// - Parameter excess: how many bytes longer than any line it is. Then `piece` is as much of it as a line may have if
  ///   only zeros follow, and less if something else does.
  mutating func add(
    _ piece: Span<UInt8>, excess: Int, isTerminated: Bool, at place: LogPlace, by hash: inout SHA256
  ) {
    let length = excess > 0 ? AuditLimits.lineBytes + excess : piece.count
    // No crash leaves an empty line, or one that is longer than lines are.
    let isPossible = length > 0 && (excess == 0 || piece.count == AuditLimits.lineBytes)
    if !isPossible {
      digest = nil
    } else if count == 0 || digest != nil {
      var end = piece.count
      while end > 0, piece[end - 1] == 0 { end -= 1 }
      hash.update(piece.extracting(..<end))
      let found = hash.finish()
      digest = digest.map { hash.digest(of: $0, and: found) } ?? found
    }
    count += 1
    bytes += length
    lastBytes = length
    lastIsTerminated = isTerminated
    if places.count < AuditLimits.findingsTold { places.append(place) }
  }

  /// Whether a record says that just these were left there by a crash. Format 1 said no digest.
  func areDeclared(by record: ControlRecord, isOld: Bool) -> Bool {
    guard bytes == record.tornBytes, let digest else { return false }
    return record.tornDigest.map { $0 == digest } ?? isOld
  }
}
