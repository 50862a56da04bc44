// Elements that are like one before.

extension ScanCursor {
  /// Reads an element by the template; nil if it is not like it. See `ElementTemplate` for why that is sound.
  mutating func elementByTemplate() throws(ScanFault) -> ScannedElement? {
    let known = template.range
    guard !known.isEmpty else { return nil }
    var findings = template.findings
    let start = offset
    var (old, new) = (known.lowerBound, start)
    var next = 0
    while true {
      let common = commonLength(old, new, atMost: known.upperBound - old)
      let parting = old + common
      while next < template.scalars.count, template.scalars[next].end < parting || parting == known.upperBound
      {
        if template.scalars[next].sought >= 0 { move(&findings, of: template.scalars[next], by: new - old) }
        next += 1
      }
      if parting == known.upperBound {
        offset = new + common
        return ScannedElement(range: start..<offset, isObject: true, findings: findings)
      }
      guard next < template.scalars.count, template.scalars[next].start <= parting else { return nil }
      let scalar = template.scalars[next]
      // Something else than a value may stand before its first octet: space, or the end of an array.
      if scalar.start == parting, new + common >= count || !beginsValue(byte(new + common)) { return nil }
      offset = scalar.start + (new - old)
      if scalar.sought < 0 {
        try value(depth: scalar.depth)
      } else {
        let finding = try finding(of: scalar.sought)
        if findings[scalar.sought] != .ambiguous { findings[scalar.sought] = finding }
      }
      (old, new) = (scalar.end, offset)
      next += 1
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

  private func move(
    _ findings: inout InlineArray<4, ScannedElement.Finding>, of scalar: ElementTemplate.Scalar,
    by distance: Int
  ) {
    findings[scalar.sought] = findings[scalar.sought].moved(by: distance)
  }

  /// How many octets from `first` and from `second` on are the same; eight at a time, and mostly twice.
  private func commonLength(_ first: Int, _ second: Int, atMost limit: Int) -> Int {
    let limit = min(limit, count - second)
    var length = 0
    while length &+ 16 <= limit {
      let difference = word(first &+ length) ^ word(second &+ length)
      if difference != 0 { return length &+ difference.trailingZeroBitCount &>> 3 }
      let behind = word(first &+ length &+ 8) ^ word(second &+ length &+ 8)
      if behind != 0 { return length &+ 8 &+ behind.trailingZeroBitCount &>> 3 }
      length &+= 16
    }
    while length &+ 8 <= limit {
      let difference = word(first &+ length) ^ word(second &+ length)
      if difference != 0 { return length &+ difference.trailingZeroBitCount &>> 3 }
      length &+= 8
    }
    while length < limit, byte(first + length) == byte(second + length) { length &+= 1 }
    return length
  }
}
