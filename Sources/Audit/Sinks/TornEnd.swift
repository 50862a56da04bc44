// What a crash left unfinished.
import Digests

/// Pieces of lines that are no lines, as the record behind them declares them: nobody can put something else in their
/// place later.
struct TornEnd: Sendable, Equatable {
  /// Of all pieces, newlines aside, zeros behind them included.
  private(set) var bytes: Int
  /// Of one piece, SHA-256 of what stands before the zeros at its end. Of more, SHA-256(digest of those before ‖ digest
  /// of the next).
  private(set) var digest: SHA256Digest

  /// - Parameter zeros: how many follow upon `piece`.
  init(_ piece: Span<UInt8>, zeros: Int = 0) {
    var end = piece.count
    while end > 0, piece[end - 1] == 0 { end -= 1 }
    bytes = piece.count + zeros
    digest = SHA256.digest(of: piece.extracting(..<end))
  }

  /// Both, one behind the other.
  static func joined(_ first: TornEnd?, _ second: TornEnd?) -> TornEnd? {
    guard var joined = first, let second else { return first ?? second }
    joined.bytes += second.bytes
    var hash = SHA256()
    joined.digest = hash.digest(of: joined.digest, and: second.digest)
    return joined
  }
}
