// Elements that are like one before.

extension ScanCursor {
  /// Reads an element by the template; false if it is not like it. See `ElementTemplate` for why that is sound.
  /// `findings` are those of the element before, by the same template or as the template: only values of sought names
  /// make a difference, and each of these is read.
  mutating func followTemplate(_ findings: inout ScannedElement.Findings) throws(ScanFault) -> Bool {
    guard !template.range.isEmpty else { return false }
    // Up to here the template and the element have been read.
    var old = template.range.lowerBound
    var last = ElementTemplate.none
    var next = template.firstChanging
    while true {
      let end = next == ElementTemplate.none ? template.range.upperBound : template.scalars[next].start
      let common = bytes.commonLength(old, offset, atMost: end - old)
      if common < end - old {
        guard let changed = template.change(at: old + common, between: last, and: next) else { return false }
        next = changed
      } else if next == ElementTemplate.none {
        offset += common
        return true
      }
      let scalar = template.scalars[next]
      // A value was due in the template: here it may be space, or the end of an array.
      offset += scalar.start - old
      guard offset < count, beginsValue(byte(offset)) else { return false }
      if scalar.sought < 0 {
        try value(depth: scalar.depth)
      } else {
        let finding = try finding(of: scalar.sought)
        if findings[scalar.sought] != .ambiguous { findings[scalar.sought] = finding }
      }
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
