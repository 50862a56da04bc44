// What the scanner says about one element of a list: where it is and which sought members it has.

package struct ScannedElement: Sendable {
  /// The element's bytes within the list, without the space around them.
  package internal(set) var range = 0..<0
  /// False for an element that is no object and therefore has no members at all.
  package internal(set) var isObject = false
  package internal(set) var findings = Findings()

  /// What became of one sought name.
  package enum Finding: Sendable, Hashable {
    case absent
    /// A string value: where its contents stand, without the quotation marks. If it `isEscaped`, compare
    /// what `Text.decode` makes of it, not the bytes.
    case string(Range<Int>, isEscaped: Bool)
    /// A value that is no string.
    case otherValue
    /// The name stands there twice, or in a spelling that some reader takes for it: with an escape, in
    /// another case, with a character that folds to one of its letters. Which value counts depends on
    /// who reads it, so no decision may rest on it.
    case ambiguous
  }

  init() {}

  /// The finding for the sought name of that index.
  package subscript(_ index: Int) -> Finding { findings[index] }

  /// By the order of the sought names. Properties rather than an array, so that anyone who judges a list reads them as
  /// plain memory.
  package struct Findings: Sendable {
    package internal(set) var first = Finding.absent
    package internal(set) var second = Finding.absent

    subscript(_ index: Int) -> Finding {
      get { index == 0 ? first : second }
      set { if index == 0 { first = newValue } else { second = newValue } }
    }
  }
}
