// Elements that are like one before.

extension ScanCursor {
  /// Reads an element by the template; false if it is not like it, or is longer than one. See `ElementTemplate` for why
  /// that is sound. The findings are those of the element before, by the same template or as the template: only values of
  /// sought names make a difference, and each of these is read.
  mutating func followTemplate() throws(ScanFault) -> Bool {
    guard !template.range.isEmpty else { return false }
    let end = min(count, offset &+ Limits.templateBytes)
    // Up to here the template and the element have been read.
    var old = template.range.lowerBound
    var last = ElementTemplate.none
    var next = template.firstChanging
    while true {
      let stretch = next == ElementTemplate.none ? template.range.upperBound : template.scalars[next].start
      let common = bytes.commonLength(old, offset, atMost: stretch - old)
      if common < stretch - old {
        guard let changed = template.change(at: old + common, between: last, and: next) else { return false }
        next = changed
      } else if next == ElementTemplate.none {
        offset += common
        return true
      }
      let scalar = template.scalars[next]
      // A value was due in the template: here it may be space, or the end of an array.
      offset += scalar.start - old
      guard offset < end, beginsValue(byte(offset)) else { return false }
      nesting = Nesting(depth: scalar.depth)
      let isEnded: Bool
      if scalar.sought < 0 {
        isEnded = try value()
      } else {
        let finding: ScannedElement.Finding
        (finding, isEnded) = try self.finding(of: scalar.sought)
        if element.findings[scalar.sought] != .ambiguous { element.findings[scalar.sought] = finding }
      }
      if !isEnded, try !walk(to: scalar.depth, until: end) { return false }
      (old, last, next) = (scalar.end, next, scalar.nextChanging)
    }
  }

  private func beginsValue(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "-"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "n"):
      true
    default: false
    }
  }
}
