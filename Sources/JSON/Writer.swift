// JSON written member by member, in the order given, into one array of bytes.

import Bytes

/// Appends compact JSON. Commas and colons come by themselves; the caller's business is that objects and
/// arrays are closed as they were opened and that every key gets one value, which debug builds check.
package struct Writer: Sendable {
  package private(set) var bytes: [UInt8]
  private let escaping: Escaping
  private var needsComma = false
  private var depth = 0

  package init(escaping: Escaping = .standard) {
    self.init(appendingTo: [], escaping: escaping)
  }

  /// Continues an array of bytes, so that a batch of lines shares one allocation.
  package init(appendingTo bytes: consuming [UInt8], escaping: Escaping = .standard) {
    self.bytes = bytes
    self.escaping = escaping
  }

  package consuming func finish() -> [UInt8] {
    assert(depth == 0, "an object or array was left open")
    return bytes
  }

  package mutating func beginObject() { open(UInt8(ascii: "{")) }
  package mutating func endObject() { close(UInt8(ascii: "}")) }
  package mutating func beginArray() { open(UInt8(ascii: "[")) }
  package mutating func endArray() { close(UInt8(ascii: "]")) }

  /// A name known at compile time, which therefore needs no escapes.
  package mutating func key(_ name: StaticString) {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    bytes.append(UInt8(ascii: "\""))
    // The only view of a StaticString is a pointer; it lives as long as the program.
    unsafe bytes.append(
      contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    bytes.append(UInt8(ascii: "\""))
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  package mutating func key(_ name: String) {
    string(name)
    bytes.append(UInt8(ascii: ":"))
    needsComma = false
  }

  package mutating func string(_ text: String) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    escaping.append(valid: text.utf8.span, to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  /// Bytes that are not UTF-8 are written as U+FFFD.
  package mutating func string(_ text: Span<UInt8>) {
    separate()
    bytes.append(UInt8(ascii: "\""))
    escaping.append(text, to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  package mutating func number(_ value: Int) {
    separate()
    if value < 0 { bytes.append(UInt8(ascii: "-")) }
    appendDigits(UInt64(value.magnitude))
  }

  package mutating func number(_ value: UInt64) {
    separate()
    appendDigits(value)
  }

  package mutating func bool(_ value: Bool) {
    separate()
    append(value ? "true" : "false")
  }

  package mutating func null() {
    separate()
    append("null")
  }

  /// One value that is JSON already, byte for byte.
  package mutating func raw(_ json: Span<UInt8>) {
    separate()
    escaping.append(raw: json, to: &bytes)
  }

  /// A parsed value again, in its own order.
  package mutating func value(_ value: Value) {
    switch value {
    case .null: null()
    case .bool(let value): bool(value)
    case .number(let text):
      separate()
      escaping.append(raw: text.utf8.span, to: &bytes)
    case .string(let text): string(text.string)
    case .array(let elements):
      beginArray()
      for element in elements { self.value(element.value) }
      endArray()
    case .object(let members):
      beginObject()
      for member in members {
        key(member.name.string)
        self.value(member.node.value)
      }
      endObject()
    }
  }

  private mutating func separate() {
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    needsComma = true
  }

  private mutating func open(_ bracket: UInt8) {
    separate()
    bytes.append(bracket)
    needsComma = false
    depth += 1
  }

  private mutating func close(_ bracket: UInt8) {
    assert(depth > 0, "closed more than was opened")
    depth -= 1
    bytes.append(bracket)
    needsComma = true
  }

  private mutating func append(_ word: StaticString) {
    unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
  }

  private mutating func appendDigits(_ value: UInt64) {
    let first = bytes.count
    var rest = value
    repeat {
      bytes.append(UInt8(ascii: "0") + UInt8(rest % 10))
      rest /= 10
    } while rest > 0
    bytes[first...].reverse()
  }
}
