// What somebody probably meant by a word that does not exist.

package enum Suggestion {
  /// The nearest of the known words if it is near: equal but for case, or two edits away at most.
  package static func nearest(to word: String, among known: [String]) -> String? {
    if let sameLetters = known.first(where: { $0.lowercased() == word.lowercased() }) { return sameLetters }
    let letters = Array(word.utf8)
    guard letters.count <= HCLLimits.quotedCharacters else { return nil }
    let ranked = known.sorted().map { (word: $0, edits: edits(letters, Array($0.utf8))) }
    guard let best = ranked.min(by: { $0.edits < $1.edits }) else { return nil }
    return best.edits <= min(2, letters.count / 2) ? best.word : nil
  }

  /// `; did you mean "x"?`, or a list of what is known if that is short, or nothing.
  package static func phrase(for word: String, among known: [String]) -> String {
    if let nearest = nearest(to: word, among: known) { return "; did you mean \(Quoting.quoted(nearest))?" }
    if known.isEmpty { return "" }
    return ", expected \(known.count == 1 ? "" : "one of ")" + known.sorted().joined(separator: ", ")
  }

  /// Insertions, deletions, substitutions and swaps of neighbours that lead from one to the other.
  private static func edits(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var before: [Int] = []
    var last = Array(0...right.count)
    for row in 0..<left.count {
      var current = [row + 1]
      for column in 0..<right.count {
        var cost = min(last[column] + (left[row] == right[column] ? 0 : 1), last[column + 1] + 1)
        cost = min(cost, current[column] + 1)
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          cost = min(cost, before[column - 1] + 1)
        }
        current.append(cost)
      }
      before = last
      last = current
    }
    return last[right.count]
  }
}
