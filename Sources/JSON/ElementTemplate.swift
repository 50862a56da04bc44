// The last element that was read in full, as a template for those behind it.

/// Elements of one list mostly differ in a few values. Whether a text follows the grammar, and where one is in it,
/// depends on nothing but the text so far. So as long as an element is octet by octet the template, it is sound, and
/// where the two part inside a value of the template, or at its end, one value is due in both: when it has been read in
/// the new element, both are at the same place of the grammar again. Where they part anywhere else, at a key or at a
/// bracket, the element is read in full. So is one that has no value where the template has one.
struct ElementTemplate {
  /// A value that is no object and no array.
  struct Scalar {
    /// Where it stands in the list; `end` is behind its last octet.
    let start: Int
    let end: Int
    let depth: Int
    /// Which sought name it is the value of; -1 for none.
    let sought: Int
  }

  /// Of the element in the list. Empty while there is no template.
  private(set) var range = 0..<0
  private(set) var scalars: [Scalar] = []
  private(set) var findings = InlineArray<4, ScannedElement.Finding>(repeating: .absent)

  private var isCollecting = false

  /// Forgets the last one and collects the values of the next.
  mutating func begin() {
    isCollecting = true
    range = 0..<0
    scalars.removeAll(keepingCapacity: true)
  }

  /// Only between `begin` and `end`: values that are read by the template are not its own.
  mutating func add(_ scalar: Scalar) { if isCollecting { scalars.append(scalar) } }

  /// `range` is empty for an element that can be no template.
  mutating func end(_ range: Range<Int>, _ findings: InlineArray<4, ScannedElement.Finding>) {
    isCollecting = false
    self.range = range
    self.findings = findings
  }
}

extension ScannedElement.Finding {
  /// The same of an element that stands `distance` further on.
  func moved(by distance: Int) -> ScannedElement.Finding {
    guard case .string(let range, let isEscaped) = self else { return self }
    return .string(range.lowerBound + distance..<range.upperBound + distance, isEscaped: isEscaped)
  }
}
