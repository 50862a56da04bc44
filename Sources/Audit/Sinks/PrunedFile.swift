// A rotated file that is about to be deleted, as the log names it.

/// What tells a file that the gate deleted from one that somebody took: its numbers, and the link behind its last line.
/// Every line in between was there, and followed upon the one before: see `RotatedFile.checksOut`.
struct PrunedFile: Sendable, Equatable {
  /// Without its folder.
  let name: String
  let first: UInt64
  let end: Chain
  /// All lines from this number on to the last one were deleted by the gate, as far as it knows: the records of what went
  /// before go with the files that they stand in.
  let deletedFrom: UInt64

  init(_ file: RotatedFile, deletedFrom: UInt64) {
    self.deletedFrom = deletedFrom
    let path = file.path
    name =
      path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[path.utf8.index(after: $0)...]) } ?? path
    first = file.first
    end = file.end
  }
}
