// Where a head ends and what its Content-Length is: all that either side of a benchmark looks at.

enum HeadEnd {
  /// The bytes up to and with the empty line, or nil.
  static func find(in bytes: Span<UInt8>) -> Int? {
    var place = 3
    while place < bytes.count {
      // Of the four bytes that end a head every second is a line feed, and no other two line feeds stand like that.
      if bytes[place] == UInt8(ascii: "\n"), bytes[place - 2] == UInt8(ascii: "\n") { return place + 1 }
      place += 1
    }
    return nil
  }
}

enum HeadField {
  private static let length = Array("content-length:".utf8)
  private static let chunked = Array("transfer-encoding:".utf8)

  static func contentLength(of head: Span<UInt8>, headBytes: Int) -> Int? {
    guard let start = value(of: length, in: head, headBytes: headBytes) else { return nil }
    var place = start
    var number: Int?
    while place < headBytes {
      let byte = head[place]
      if byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") {
        number = (number ?? 0) * 10 + Int(byte - UInt8(ascii: "0"))
      } else if byte != UInt8(ascii: " ") {
        return number
      }
      place += 1
    }
    return nil
  }

  static func isChunked(_ head: Span<UInt8>, headBytes: Int) -> Bool {
    value(of: chunked, in: head, headBytes: headBytes) != nil
  }

  /// Where the value of a field begins; names are compared without their case.
  private static func value(of name: [UInt8], in head: Span<UInt8>, headBytes: Int) -> Int? {
    var place = 0
    while place < headBytes {
      if head[place] == UInt8(ascii: "\n"), matches(name, head, place + 1, headBytes) {
        return place + 1 + name.count
      }
      place += 1
    }
    return nil
  }

  private static func matches(_ name: [UInt8], _ head: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    guard start + name.count <= end else { return false }
    for place in name.indices where head[start + place] | 0x20 != name[place] | 0x20 { return false }
    return true
  }
}
