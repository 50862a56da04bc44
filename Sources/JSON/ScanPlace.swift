// Where a scan stands between two of its turns.

/// All that a cursor knows, but for the text.
struct ScanPlace: Sendable {
  enum Step {
    case beginning
    /// An element is due.
    case between
    /// In an element that is read in full.
    case within
  }

  /// Stands for no sought name.
  static let unsought = -1

  var step = Step.beginning
  var offset = 0
  var nesting = Nesting(depth: 1)
  var element = ScannedElement()
  var template = ElementTemplate()
}

/// The brackets that are open.
struct Nesting: Sendable {
  /// That of an element's own members: within the list, and within the element.
  static let elementDepth = 2

  private(set) var depth: Int
  /// The innermost in the lowest bit; `Limits.scannedDepth` of them are in it.
  private var objects: UInt64 = 0

  /// Of that many, none of which will be closed.
  init(depth: Int) { self.depth = depth }

  @inline(__always)
  var isInObject: Bool { objects & 1 != 0 }

  @inline(__always)
  mutating func open(isObject: Bool) {
    objects = objects &<< 1 | (isObject ? 1 : 0)
    depth &+= 1
  }

  @inline(__always)
  mutating func close() {
    objects &>>= 1
    depth &-= 1
  }
}
