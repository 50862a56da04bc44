// The list that Consul answers with, reduced to what a caller may see.

import HTTP
import JSON

/// Why a list cannot be shown: it is Consul's fault, and 502. An element that cannot be judged is never
/// passed on.
package enum ListFault: Error, Sendable, Hashable {
  case malformed(String)
  case noObject(element: Int)
  case noName(element: Int)
  case ambiguousName(element: Int)
  case invalidPartition(element: Int)
}

/// What is left of a list.
package struct PeeringList: Sendable {
  /// Kept elements as they came, octet by octet. The very reply if nothing was removed.
  package let body: [UInt8]
  package let kept: Int
  package let removed: Int

  // Built once: it holds arrays of names.
  private static let scanner = ElementScanner(seeking: ["Name", "Partition"])

  /// Keeps the elements of `reply` for which `isVisible` is true. Consul's two layouts stay what they are, so that nobody
  /// sees by the layout whether something was removed; any other becomes the short one, with or without a removal.
  ///
  /// - Parameters:
  ///   - reply: a JSON array of peerings, or `null`, which Go writes for an empty one.
  ///   - isVisible: asked about each element, with its name, which is a `PeerName` in place, and with the partition that
  ///     it names. One that names none (nil) is in the one that was asked for.
  package static func filter(
    _ reply: consuming [UInt8], isVisible: (Span<UInt8>, Partition?) -> Bool
  ) throws(ListFault) -> PeeringList {
    if isNull(reply.span) { return PeeringList(body: reply, kept: 0, removed: 0) }
    var selection = Selection()
    let whole = reply
    do {
      try scanner.scan(whole.span) { element in
        selection.judge(element, in: whole.span, isVisible: isVisible)
      }
    } catch {
      throw .malformed(error.description)
    }
    if let fault = selection.fault { throw fault }
    let removed = selection.count - selection.kept.count
    let layout = selection.count == 0 ? nil : selection.layout(of: whole.span)
    let isWhole = removed == 0 && (selection.count == 0 || layout != nil)
    let body = isWhole ? whole : (layout ?? .short).joined(selection.kept, of: whole.span)
    return PeeringList(body: body, kept: selection.kept.count, removed: removed)
  }

  private static func isNull(_ bytes: Span<UInt8>) -> Bool {
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

  func joined(_ elements: [Range<Int>], of reply: Span<UInt8>) -> [UInt8] {
    var body: [UInt8] = []
    guard !elements.isEmpty else {
      body.append(empty)
      return body
    }
    let around = beginning.utf8CodeUnitCount + end.utf8CodeUnitCount
    body.reserveCapacity(elements.reduce(around) { $0 + $1.count + separator.utf8CodeUnitCount })
    body.append(beginning)
    for (index, element) in elements.enumerated() {
      if index > 0 { body.append(separator) }
      body.append(reply.extracting(element))
    }
    body.append(end)
    return body
  }
}

/// The judgement of a list while it is scanned.
private struct Selection {
  var kept: [Range<Int>] = []
  var count = 0
  var fault: ListFault?
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

extension ListFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .malformed(let reason): "the list is not JSON: \(reason)"
    case .noObject(let element): "element \(element) of the list is not an object"
    case .noName(let element): "element \(element) of the list has no Name"
    case .ambiguousName(let element): "element \(element) of the list has more than one Name"
    case .invalidPartition(let element): "element \(element) of the list has a Partition that is not valid"
    }
  }
}
