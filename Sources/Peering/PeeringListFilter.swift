// A list of Consul's while it is filtered, a piece at a time.

import HTTP
import JSON

/// Keeps the elements of one reply that may be seen. Consul's two layouts stay what they are, so that nobody sees by the
/// layout whether something was removed; any other becomes the short one, with or without a removal.
///
/// In turns, since a list can be long, and worse to scan than any of Consul's: what has to be done in one go is bounded.
package struct PeeringListFilter: ~Copyable, Sendable {
  // Built once: it holds arrays of names.
  private static let scanner = ElementScanner(seeking: ["Name", "Partition"])

  private let reply: [UInt8]
  private var scan = ElementScan(of: .list, by: Self.scanner)
  private var selection = Selection()
  /// Once all is scanned, and something is to be left out.
  private var remainder: Remainder?

  /// - Parameter reply: a JSON array of peerings, or `null`, which Go writes for an empty one.
  package init(_ reply: consuming [UInt8]) { self.reply = reply }

  /// One turn. The list, or nil if others are to have theirs first.
  ///
  /// - Parameter isVisible: asked about each element, with its name, which is a `PeerName` in place, and with the partition
  ///   that it names. One that names none (nil) is in the one that was asked for.
  package mutating func advance(
    isVisible: (Span<UInt8>, Partition?) -> Bool
  ) throws(ListFault) -> PeeringList? {
    if remainder == nil {
      if Self.isNull(reply.span) { return PeeringList(body: reply, kept: 0, removed: 0) }
      guard try scanOn(isVisible) else { return nil }
      let layout = selection.count == 0 ? nil : selection.layout(of: reply.span)
      if selection.removed == 0, selection.count == 0 || layout != nil { return list(reply) }
      remainder = Remainder(of: selection.kept, in: layout ?? .short)
    }
    guard var remainder = remainder.take() else { return nil }
    guard remainder.advance(with: selection.kept, of: reply.span) else {
      self.remainder = remainder
      return nil
    }
    return list(remainder.body)
  }

  private func list(_ body: [UInt8]) -> PeeringList {
    PeeringList(body: body, kept: selection.kept.count, removed: selection.removed)
  }

  private mutating func scanOn(_ isVisible: (Span<UInt8>, Partition?) -> Bool) throws(ListFault) -> Bool {
    let whole = reply
    var selection = Selection()
    swap(&selection, &self.selection)
    let isDone: Bool
    do throws(Malformation) {
      isDone = try scan.advance(in: whole.span) { element in
        selection.judge(element, in: whole.span, isVisible: isVisible)
      }
    } catch {
      throw .malformed(error.description)
    }
    if let fault = selection.fault { throw fault }
    self.selection = selection
    return isDone
  }

  private static func isNull(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count <= PeeringLimits.nullListBytes else { return false }
    var range = bytes.indices
    let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }
    while let first = range.first, isSpace(bytes[first]) { range = range.dropFirst() }
    while let last = range.last, isSpace(bytes[last]) { range = range.dropLast() }
    return bytes.extracting(range).equals("null")
  }
}

/// What stands around the elements of a list.
private struct Layout {
  let beginning: StaticString
  let separator: StaticString
  let end: StaticString
  /// A list without elements.
  let empty: StaticString

  static let short = Layout(beginning: "[", separator: ",", end: "]", empty: "[]")
  /// With `pretty`, as Go's encoder indents.
  static let indented = Layout(
    beginning: "[\n    ", separator: ",\n    ", end: "\n]\n", empty: "[]\n")

  func length(of elements: [Range<Int>]) -> Int {
    let around = beginning.utf8CodeUnitCount + end.utf8CodeUnitCount
    return elements.reduce(around) { $0 + $1.count + separator.utf8CodeUnitCount }
  }
}

/// What is left of a list while it is put together.
private struct Remainder {
  private(set) var body: [UInt8] = []
  private let layout: Layout
  private var next = 0

  init(of elements: [Range<Int>], in layout: Layout) {
    self.layout = layout
    body.reserveCapacity(elements.isEmpty ? 0 : layout.length(of: elements))
    body.append(elements.isEmpty ? layout.empty : layout.beginning)
  }

  /// False if there is more to be copied.
  mutating func advance(with elements: [Range<Int>], of reply: Span<UInt8>) -> Bool {
    guard !elements.isEmpty else { return true }
    let end = body.count + PeeringLimits.copiedBytesPerTurn
    while next < elements.count {
      if body.count >= end { return false }
      if next > 0 { body.append(layout.separator) }
      body.append(reply.extracting(elements[next]))
      next += 1
    }
    body.append(layout.end)
    return true
  }
}

/// The judgement of a list while it is scanned.
private struct Selection {
  var kept: [Range<Int>] = []
  var count = 0
  var fault: ListFault?
  var removed: Int { count - kept.count }
  /// Behind the last element.
  private var end = 0
  private var isShort = true
  private var isIndented = true

  /// Of a list with elements, all of which were judged; nil if it is neither of Consul's.
  func layout(of reply: Span<UInt8>) -> Layout? {
    let rest = reply.extracting(end..<reply.count)
    if isShort, rest.equals(Layout.short.end) { return .short }
    if isIndented, rest.equals(Layout.indented.end) { return .indented }
    return nil
  }

  private mutating func note(_ element: Range<Int>, in reply: Span<UInt8>) {
    let gap = reply.extracting(end..<element.lowerBound)
    isShort = isShort && gap.count == 1
    if isIndented {
      isIndented = gap.equals(count == 0 ? Layout.indented.beginning : Layout.indented.separator)
    }
    end = element.upperBound
  }

  mutating func judge(
    _ element: ScannedElement, in reply: Span<UInt8>, isVisible: (Span<UInt8>, Partition?) -> Bool
  ) {
    note(element.range, in: reply)
    if fault == nil {
      do throws(ListFault) {
        if try shows(element, in: reply, isVisible) { kept.append(element.range) }
      } catch {
        fault = error
      }
    }
    count += 1
  }

  /// One whose name not even Consul would find by a valid name, or needs escapes, has a name that no rule can match, and
  /// is hidden. One odd peering must not hide the whole list.
  @inline(__always)
  private func shows(
    _ element: ScannedElement, in reply: Span<UInt8>, _ isVisible: (Span<UInt8>, Partition?) -> Bool
  ) throws(ListFault) -> Bool {
    guard element.isObject else { throw .noObject(element: count) }
    switch element.findings.first {
    case .string(let range, isEscaped: false):
      let name = reply.extracting(range)
      let partition: Partition?
      switch try self.partition(element, in: reply) {
      case .asked: partition = nil
      case .named(let named): partition = named
      case .unmatched: return false
      }
      if LabelGrammar.isLabel(name) { return isVisible(name, partition) }
      guard let folded = PeerName(listed: name) else { return false }
      return folded.withBytes { isVisible($0, partition) }
    case .string: return false
    case .absent, .otherValue: throw .noName(element: count)
    case .ambiguous: throw .ambiguousName(element: count)
    }
  }

  private enum StatedPartition {
    /// None: the one that was asked for.
    case asked
    case named(Partition)
    /// No label, so that no rule can match it.
    case unmatched
  }

  @inline(__always)
  private func partition(
    _ element: ScannedElement, in reply: Span<UInt8>
  ) throws(ListFault) -> StatedPartition {
    switch element.findings.second {
    case .absent: return .asked
    case .string(let range, isEscaped: false):
      if range.isEmpty { return .asked }
      return Partition(reply.extracting(range)).map { .named($0) } ?? .unmatched
    case .string: return .unmatched
    case .otherValue, .ambiguous: throw .invalidPartition(element: count)
    }
  }
}
