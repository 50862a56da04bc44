// The members of a line, written into space that was made for all of them at once.
import JSON

/// A line has thirty members. Through `JSON.Writer` each costs several appends to an array, with a check
/// for uniqueness and room every time. Here the room is made once and literal parts are copied whole, which
/// takes half the time. What needs escapes of six bytes, which is rare, goes through the writer all the same.
extension OutputSpan<UInt8> {
  /// Literal JSON. Inlined, so that its length is known and copying it is a few stores.
  @inline(__always)
  mutating func append(json text: StaticString) {
    // The only view of a StaticString is a pointer; it lives as long as the program.
    unsafe append(bytes: Span(_unsafeStart: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// A string behind `name`, which is `,"name":`; nothing if there is none.
  @inline(__always)
  mutating func append(_ name: StaticString, _ text: String?) {
    guard let text else { return }
    append(json: name)
    append(string: text)
  }

  @inline(__always)
  mutating func append(_ name: StaticString, _ text: QuotedString?) {
    guard let text else { return }
    append(json: name)
    append(bytes: text.json.span)
  }

  mutating func append(_ name: StaticString, _ value: UInt64?) {
    guard let value else { return }
    append(json: name)
    append(number: value)
  }

  mutating func append(_ name: StaticString, _ value: Int?) {
    if let value { append(name, UInt64(max(value, 0))) }
  }

  /// What a client sent: see `ClientText`.
  @inline(__always)
  mutating func append(_ name: StaticString, client text: ArraySlice<UInt8>?, limit: Int) {
    guard let text else { return }
    append(json: name)
    append(client: text.span, limit: limit)
  }

  mutating func append(string text: String) {
    let bytes = text.utf8.span
    switch Plainness(bytes) {
    case .plain, .notASCII: append(quoted: bytes)
    case .quotes:
      append(UInt8(ascii: "\""))
      for index in bytes.indices {
        let byte = bytes[index]
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { append(UInt8(ascii: "\\")) }
        append(byte)
      }
      append(UInt8(ascii: "\""))
    case .controls:
      var writer = Writer()
      writer.string(text)
      append(bytes: writer.bytes.span)
    }
  }

  mutating func append(client text: Span<UInt8>, limit: Int) {
    if text.count <= limit, Plainness(text) == .plain { return append(quoted: text) }
    var writer = Writer()
    ClientText.append(text, limit: limit, to: &writer)
    append(bytes: writer.bytes.span)
  }

  @inline(__always)
  mutating func append(quoted text: Span<UInt8>) {
    append(UInt8(ascii: "\""))
    append(bytes: text)
    append(UInt8(ascii: "\""))
  }

  @inline(__always)
  mutating func append(bytes: Span<UInt8>) {
    precondition(bytes.count <= freeCapacity, "a line is longer than the room that was made for it")
    // One copy: a loop over `append` moves a byte at a time.
    unsafe withUnsafeMutableBufferPointer { space, count in
      unsafe bytes.withUnsafeBytes { bytes in
        guard let from = bytes.baseAddress, let to = space.baseAddress else { return }
        unsafe UnsafeMutableRawPointer(to + count).copyMemory(from: from, byteCount: bytes.count)
        count += bytes.count
      }
    }
  }

  private mutating func append(number: UInt64) {
    // From the last digit to the first: dividing by ten is a multiplication, by a variable it is not.
    var digits = InlineArray<20, UInt8>(repeating: UInt8(ascii: "0"))
    var rest = number
    var first = digits.count
    repeat {
      first &-= 1
      digits[first] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest > 0
    append(bytes: digits.span.extracting(first...))
  }
}

extension [UInt8] {
  /// So many members with texts of so many bytes in all, each of which may become an escape of six. What is kept for
  /// long must not keep the room of a whole line.
  static func members(
    _ count: Int, ofTexts length: Int, _ write: (inout OutputSpan<UInt8>) -> Void
  ) -> [UInt8] {
    [UInt8](capacity: AuditLimits.memberBytes * count + 6 * length, initializingWith: write)
  }
}

/// What stands in a text that JSON or a terminal might stumble over, the worst of it.
private enum Plainness {
  case plain, notASCII, quotes, controls

  init(_ text: Span<UInt8>) {
    var marks = Marks()
    unsafe text.withUnsafeBytes { bytes in
      var index = 0
      while index + 8 <= bytes.count {
        unsafe marks.note(bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
        index += 8
      }
      guard index < bytes.count else { return }
      if bytes.count >= 8 {
        // The last eight, some of them for the second time.
        return unsafe marks.note(bytes.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self))
      }
      // The few as if spaces came before them, which are plain.
      var rest: UInt64 = 0x2020_2020_2020_2020
      while index < bytes.count {
        rest = unsafe rest << 8 | UInt64(bytes[index])
        index += 1
      }
      marks.note(rest)
    }
    self = marks.worst
  }

  /// Eight bytes at a time; the high bit of a lane stands for "one of the bytes is such a one". A lane may be
  /// marked wrongly by a borrow from the one below it, but then that one is marked, too.
  private struct Marks {
    private var controls: UInt64 = 0
    private var quotes: UInt64 = 0
    private var union: UInt64 = 0
    private static let ones: UInt64 = 0x0101_0101_0101_0101

    mutating func note(_ bytes: UInt64) {
      controls |= (bytes &- 0x20 &* Self.ones) & ~bytes | Self.zero(bytes ^ 0x7F &* Self.ones)
      quotes |= Self.zero(bytes ^ 0x22 &* Self.ones) | Self.zero(bytes ^ 0x5C &* Self.ones)
      union |= bytes
    }

    private static func zero(_ bytes: UInt64) -> UInt64 { (bytes &- ones) & ~bytes }

    var worst: Plainness {
      let high: UInt64 = 0x80 &* Self.ones
      if controls & high != 0 { return .controls }
      if quotes & high != 0 { return .quotes }
      return union & high == 0 ? .plain : .notASCII
    }
  }
}
