// The members of a line, written into space that was made for all of them at once.
import JSON

/// A line has thirty members. Through `JSON.Writer` each costs several appends to an array, with a check
/// for uniqueness and room every time. Here the room is made once and literal parts are copied whole, which
/// takes half the time. What needs escapes, which is rare, goes through the writer all the same.
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
    if append(quotedIfPlain: text.utf8.span) { return }
    var writer = Writer()
    writer.string(text)
    append(bytes: writer.bytes.span)
  }

  mutating func append(client text: Span<UInt8>, limit: Int) {
    if text.count <= limit, append(quotedIfPlain: text) { return }
    var writer = Writer()
    ClientText.append(text, limit: limit, to: &writer)
    append(bytes: writer.bytes.span)
  }

  /// Appends `text` in quotation marks if every byte of it stands for itself, as nearly always; says whether it did.
  private mutating func append(quotedIfPlain text: Span<UInt8>) -> Bool {
    precondition(text.count + 2 <= freeCapacity, "a line is longer than the room that was made for it")
    // Copied while it is looked through; what is not plain is not counted, and written over.
    return unsafe withUnsafeMutableBufferPointer { space, count in
      guard let base = space.baseAddress else { return false }
      let start = unsafe UnsafeMutableRawPointer(base + count)
      let isPlain = unsafe text.withUnsafeBytes { unsafe copy($0, to: start + 1) }
      guard isPlain else { return false }
      unsafe start.storeBytes(of: UInt8(ascii: "\""), as: UInt8.self)
      unsafe start.storeBytes(of: UInt8(ascii: "\""), toByteOffset: text.count + 1, as: UInt8.self)
      count += text.count + 2
      return true
    }
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
    let isLong = number >= 100_000_000
    if isLong { append(number: number / 100_000_000) }
    // From the last digit to the first, which comes to stand in the lowest byte; then one store for all of them.
    var text: UInt64 = 0
    var digits = 0
    var rest = isLong ? number % 100_000_000 : number
    repeat {
      text = text << 8 | (UInt64(UInt8(ascii: "0")) | rest % 10)
      rest /= 10
      digits &+= 1
    } while rest > 0
    if isLong {
      text = text << UInt64(8 * (8 - digits)) | 0x3030_3030_3030_3030
      digits = 8
    }
    precondition(8 <= freeCapacity, "a line is longer than the room that was made for it")
    unsafe withUnsafeMutableBufferPointer { space, count in
      guard let base = space.baseAddress else { return }
      unsafe UnsafeMutableRawPointer(base + count).storeBytes(of: text.littleEndian, as: UInt64.self)
      count += digits
    }
  }
}

extension [UInt8] {
  /// So many members with texts of so many bytes in all, each of which may become an escape of six. What is kept for
  /// long must not keep the room of a whole line.
  static func members(
    _ count: Int, ofTexts length: Int, _ write: (inout OutputSpan<UInt8>) -> Void
  ) -> [UInt8] {
    // Not by the initialiser that does this: the library's is not specialised, and looks types up every time.
    var bytes: [UInt8] = []
    bytes.append(addingCapacity: AuditLimits.memberBytes * count + 6 * length, initializingWith: write)
    return bytes
  }

  /// Keeps no more room than is used.
  mutating func releaseRoom() { self = [UInt8](capacity: count) { $0.append(bytes: span) } }
}

/// Copies `text`, and says whether every byte of it is printable ASCII and neither a quotation mark nor a backslash.
private func copy(_ text: UnsafeRawBufferPointer, to target: UnsafeMutableRawPointer) -> Bool {
  var marks = Marks()
  var index = 0
  if text.count >= 8 {
    while index < text.count {
      // The last eight are some of them copied for the second time.
      let start = min(index, text.count &- 8)
      let word = unsafe text.loadUnaligned(fromByteOffset: start, as: UInt64.self)
      unsafe target.storeBytes(of: word, toByteOffset: start, as: UInt64.self)
      marks.note(word)
      index &+= 8
    }
  } else {
    // As if spaces came before them, which are plain.
    var word: UInt64 = 0x2020_2020_2020_2020
    while index < text.count {
      let byte = unsafe text[index]
      unsafe target.storeBytes(of: byte, toByteOffset: index, as: UInt8.self)
      word = word << 8 | UInt64(byte)
      index &+= 1
    }
    marks.note(word)
  }
  return marks.isPlain
}

/// Eight bytes at a time; the high bit of a byte stands for "this one is not plain". A byte may be marked wrongly by a
/// borrow or a carry from the one below it, but then that one is marked, too.
private struct Marks {
  private var found: UInt64 = 0

  @inline(__always)
  mutating func note(_ word: UInt64) {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let isQuotation = (word ^ (0x22 &* ones)) &- ones
    let isBackslash = (word ^ (0x5C &* ones)) &- ones
    let isControl = word &- (0x20 &* ones)
    let isDelete = word &+ ones
    found |= word | isQuotation | isBackslash | isControl | isDelete
  }

  var isPlain: Bool { found & 0x8080_8080_8080_8080 == 0 }
}
