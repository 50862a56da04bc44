// Walks a list of objects in place, so that chosen elements can be passed on byte for byte.

/// Finds the elements of one top-level array, and in each the members of a few names, without building a
/// tree and without copying.
///
/// What a scan that ends without an error has proven about the text:
/// - it is one array, and every element and everything in it follows the grammar of RFC 8259: brackets
///   balanced and matched, strings closed, no control byte in them, known escapes only, numbers and words
///   well formed, keys strings, commas and colons in place, valid UTF-8, nothing but space behind the array;
/// - any selection of its elements, joined by commas between brackets, is therefore JSON as well.
///
/// Not proven: that surrogate escapes come in pairs and that names other than the sought ones are unique.
/// Both are passed on as they are and decided by the client's own parser.
package struct ElementScanner: Sendable {
  fileprivate let names: SoughtNames

  /// One name or two, of at most 63 bytes; findings are asked for by their order here.
  package init(seeking names: [String]) {
    self.names = SoughtNames(names)
  }

  /// Calls `body` for each element in order. An error may come after some elements were reported: nothing
  /// may leave before the scan has ended. Nesting beyond `Limits.scannedDepth` is an error, and so is a string or number
  /// of more than `Limits.scannedTokenBytes`.
  package func scan(
    _ list: Span<UInt8>, _ body: (ScannedElement) -> Void
  ) throws(Malformation) {
    var scan = ElementScan(of: .list, by: self)
    _ = try scan.advance(in: list, by: .max, body)
  }

  /// The one value of a text that is no list, as if it were an element of one.
  package func scan(value text: Span<UInt8>) throws(Malformation) -> ScannedElement {
    var scan = ElementScan(of: .value, by: self)
    var element = ScannedElement()
    _ = try scan.advance(in: text, by: .max) { element = $0 }
    return element
  }
}

/// One scan, in turns: a long text must not keep its thread from everybody else.
package struct ElementScan: ~Copyable, Sendable {
  package enum Kind: Sendable {
    case list
    /// The one value of a text that is no list, as if it were an element of one.
    case value
  }

  private let kind: Kind
  private let names: SoughtNames
  /// Nil before the first turn, and behind the last.
  private var place: ScanPlace?
  private var length: Int?
  private var isOver = false

  package init(of kind: Kind, by scanner: ElementScanner) {
    self.kind = kind
    names = scanner.names
  }

  /// Scans on, and calls `body` for each element that ends in this turn. What `ElementScanner` says of a scan holds for
  /// all turns together.
  ///
  /// - Parameters:
  ///   - text: the same in each turn.
  ///   - bytes: what is read in this turn, and at most `Limits.scannedTokenBytes` for what is begun in it.
  /// - Returns: whether that was the last turn.
  package mutating func advance(
    in text: Span<UInt8>, by bytes: Int = Limits.scannedBytesPerTurn, _ body: (ScannedElement) -> Void
  ) throws(Malformation) -> Bool {
    precondition(!isOver && bytes > 0, "a scan that has ended goes on")
    // Offsets of the turns before are used on it unchecked.
    precondition(length == nil || length == text.count, "a scan goes on in another text")
    (length, isOver) = (text.count, true)
    do throws(ScanFault) {
      // Bounds-checked access costs a third of the speed here; every access of ScanCursor's is preceded by
      // its own comparison with the end.
      try unsafe text.withUnsafeBufferPointer { (buffer) throws(ScanFault) in
        guard let base = buffer.baseAddress else {
          throw ScanFault(.end(kind == .list ? "'['" : "a value"), 0)
        }
        var cursor = unsafe ScanCursor(
          ScannedBytes(buffer, base: base), names: names, from: place.take() ?? ScanPlace(), turn: bytes)
        isOver = kind == .list ? try cursor.list(body) : try cursor.only(body)
        if !isOver { place = cursor.place() }
      }
    } catch {
      throw error.malformation(in: text)
    }
    return isOver
  }
}
