// The last element that was read in full, as a template for those behind it.

/// Elements of one list mostly differ in a few values. Whether a text follows the grammar, and where one is in it,
/// depends on nothing but the text so far. So as long as an element is byte by byte the template, it is sound, and
/// where the two part inside a value of the template, or at its end, one value is due in both: when it has been read in
/// the new element, both are at the same place of the grammar again. Where they part anywhere else, at a key or at a
/// bracket, the element is read in full. So is one that has no value where the template has one, and one that is longer
/// than a template may be.
///
/// A value that has changed once is read in every element from then on, and only what lies between such values is
/// compared: in long stretches, which are the same in nearly all elements.
struct ElementTemplate: Sendable {
  /// A value that is no object and no array.
  struct Scalar: Sendable {
    /// Where it stands in the list; `end` is behind its last byte.
    let start: Int
    let end: Int
    let depth: Int
    /// Which sought name it is the value of; -1 for none.
    let sought: Int
    /// The next one that changes; `none` if none does, or if this one does not.
    fileprivate(set) var nextChanging = ElementTemplate.none
  }

  /// Stands for no scalar: before the first that changes, behind the last.
  static let none = -1

  /// Of the element in the list. Empty while there is no template.
  private(set) var range = 0..<0
  private(set) var scalars: [Scalar] = []
  /// Those that change form a chain in the order of the text. Each has the place of the next, so that one more is let
  /// in at once, however many there are.
  private(set) var firstChanging = none

  private var isCollecting = false
  private var beginning = 0
  private var lastSought = none

  /// Forgets the last one and collects the values of the next.
  mutating func begin(at offset: Int) {
    isCollecting = true
    beginning = offset
    range = 0..<0
    scalars.removeAll(keepingCapacity: true)
    firstChanging = Self.none
    lastSought = Self.none
  }

  /// Only between `begin` and `end`: values that are read by the template are not its own. The values of sought names
  /// are read in every element, since what they are is asked of each.
  mutating func add(start: Int, end: Int, depth: Int, sought: Int) {
    guard isCollecting else { return }
    guard end &- beginning <= Limits.templateBytes else { return abandon() }
    scalars.append(Scalar(start: start, end: end, depth: depth, sought: sought))
    guard sought >= 0 else { return }
    let place = scalars.count - 1
    if lastSought == Self.none { firstChanging = place } else { scalars[lastSought].nextChanging = place }
    lastSought = place
  }

  /// `range` is empty for an element that can be no template. Nor can one that is too long: its values would take many
  /// times its own memory.
  mutating func end(_ range: Range<Int>) {
    guard isCollecting, range.count <= Limits.templateBytes else { return abandon() }
    isCollecting = false
    self.range = range
  }

  private mutating func abandon() {
    isCollecting = false
    scalars.removeAll(keepingCapacity: true)
    firstChanging = Self.none
  }

  /// An element has parted from the template at `offset`, behind the changing value `last` and before `next`, the one
  /// that follows it. The value in which that is, or at whose end, from now on one of those that change; nil if it is in
  /// none.
  mutating func change(at offset: Int, between last: Int, and next: Int) -> Int? {
    var low = last + 1
    var high = next == Self.none ? scalars.count : next
    let end = high
    // The first that does not end before it.
    while low < high {
      let middle = low + (high - low) / 2
      if scalars[middle].end < offset { low = middle + 1 } else { high = middle }
    }
    guard low < end, scalars[low].start <= offset else { return nil }
    scalars[low].nextChanging = next
    if last == Self.none { firstChanging = low } else { scalars[last].nextChanging = low }
    return low
  }
}
