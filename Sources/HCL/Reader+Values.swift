// The typed questions: strings, numbers, booleans, lists, durations.

package import Bytes
import JSON

extension Reader {
  package mutating func string(_ name: ByteString) -> Located<ByteString>? {
    string(name, form: "a string")
  }

  private mutating func string(_ name: ByteString, form: String) -> Located<ByteString>? {
    let attribute = attribute(name, form: form) { if case .string = $0.content { true } else { false } }
    guard let value = attribute?.value, case .string(let text) = value.content,
      isVisible(text, at: value.position)
    else { return nil }
    return Located(text, at: value.position)
  }

  package mutating func requiredString(_ name: ByteString) -> Located<ByteString>? {
    let found = string(name)
    if found == nil { reportMissing(name) }
    return found
  }

  package mutating func bool(_ name: ByteString) -> Located<Bool>? {
    let attribute = attribute(name, form: "true or false") {
      if case .bool = $0.content { true } else { false }
    }
    guard let value = attribute?.value, case .bool(let bool) = value.content else { return nil }
    return Located(bool, at: value.position)
  }

  /// A whole number within `range`; `1.0` is none.
  package mutating func integer(_ name: ByteString, in range: ClosedRange<Int>) -> Located<Int>? {
    let attribute = attribute(name, form: "a number") { if case .number = $0.content { true } else { false } }
    guard let value = attribute?.value, case .number(let text) = value.content else { return nil }
    guard let number = Reader.integer(text), range.contains(number) else {
      error(
        at: value.position,
        "\(name) is out of range, expected a whole number from \(range.lowerBound) to \(range.upperBound)")
      return nil
    }
    return Located(number, at: value.position)
  }

  /// A list of strings, possibly empty; nil if it is not there. An element of another type is reported and
  /// left out.
  package mutating func strings(_ name: ByteString) -> [Located<ByteString>]? {
    let attribute = attribute(name, form: "a list of strings") {
      if case .list = $0.content { true } else { false }
    }
    guard let value = attribute?.value, case .list(let values) = value.content else { return nil }
    var strings: [Located<ByteString>] = []
    for value in values {
      if case .string(let text) = value.content {
        if isVisible(text, at: value.position) { strings.append(Located(text, at: value.position)) }
      } else {
        error(at: value.position, "\(name) holds \(value.kind), expected only strings in the list")
      }
    }
    return strings
  }

  /// A time span as Consul's configuration writes it: `"10s"`, `"1m30s"`, `"250ms"`.
  package mutating func duration(
    _ name: ByteString, in range: ClosedRange<Duration> = .zero ... .seconds(366 * 24 * 3600)
  ) -> Located<Duration>? {
    guard let text = string(name, form: "a duration as in \"10s\"") else { return nil }
    guard let duration = Reader.duration(text.value) else {
      error(at: text.position, "\(name) is no duration, expected one as in \"10s\", \"1m30s\" or \"250ms\"")
      return nil
    }
    guard range.contains(duration) else {
      let (least, most) = (Reader.text(range.lowerBound), Reader.text(range.upperBound))
      error(at: text.position, "\(name) is out of range, expected \"\(least)\" to \"\(most)\"")
      return nil
    }
    return Located(duration, at: text.position)
  }

  /// Of a number as the grammar has it: digits, letters, signs and dots of ASCII.
  private static func integer(_ text: String) -> Int? {
    if text.utf8.starts(with: "0x".utf8) { return Int(Substring(text.utf8.dropFirst(2)), radix: 16) }
    if text.utf8.starts(with: "-0x".utf8) { return Int("-" + Substring(text.utf8.dropFirst(3)), radix: 16) }
    return Int(text)
  }

  /// One or more whole numbers, each with its unit, at most once per unit and from large to small.
  package static func duration(_ text: ByteString) -> Duration? {
    let units: [(name: String, milliseconds: Int64)] = [
      ("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1),
    ]
    var total: Int64 = 0
    // Longer than any that fits into 64 bits.
    guard text.count <= HCLLimits.durationBytes else { return nil }
    var rest = text.utf8[...]
    var nextUnit = 0
    while !rest.isEmpty {
      let digits = rest.prefix { 0x30...0x39 ~= $0 }
      rest = rest.dropFirst(digits.count)
      let letters = rest.prefix { 0x61...0x7A ~= $0 }
      rest = rest.dropFirst(letters.count)
      guard let count = Int64(Substring(digits)),
        let unit = units[nextUnit...].firstIndex(where: { letters.elementsEqual($0.name.utf8) })
      else { return nil }
      let (product, isTooLong) = count.multipliedReportingOverflow(by: units[unit].milliseconds)
      let (sum, isTooLongInSum) = total.addingReportingOverflow(product)
      if isTooLong || isTooLongInSum { return nil }
      total = sum
      nextUnit = unit + 1
    }
    return nextUnit == 0 ? nil : .milliseconds(total)
  }

  /// The largest unit that says it in a whole number.
  private static func text(_ duration: Duration) -> String {
    let milliseconds =
      duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
    if milliseconds % 1000 != 0 { return "\(milliseconds)ms" }
    let seconds = milliseconds / 1000
    if seconds == 0 || seconds % 60 != 0 { return "\(seconds)s" }
    return seconds % 3600 == 0 ? "\(seconds / 3600)h" : "\(seconds / 60)m"
  }
}
