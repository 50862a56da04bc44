// The constants of the character classes against the characters they stand for.

import Testing

@testable import HTTP

struct ByteClassTests {
  private static let alphanumerics = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

  @Test func `each class holds its characters and nothing else`() {
    expect(.token, "!#$%&'*+-.^_`|~")
    expect(.path, "-._~!$&'()*+,;=:@/")
    expect(.query, "-._~!$&'()*+,;=:@/?")
    expect(.registeredName, "-._~!$&'()*+,;=")
    expect(.unreserved, "-._~")
    expect(.requestIdentifier, "-._")
  }

  private func expect(_ set: ByteClass, _ others: String) {
    let members = Set((others + Self.alphanumerics).utf8)
    for byte in UInt8.min...UInt8.max {
      #expect(set.contains(byte) == members.contains(byte), "\(byte) in \(others)")
    }
  }

  @Test func `field content is text, blanks and what is above ASCII`() {
    for byte in UInt8.min...UInt8.max {
      let expected = byte == 9 || (32...126).contains(byte) || byte >= 128
      #expect(ASCII.isFieldContent(byte) == expected, "\(byte)")
    }
  }

  @Test func `hexadecimal digits have their values`() {
    for byte in UInt8.min...UInt8.max {
      let expected = byte < 128 ? UInt8(String(Character(Unicode.Scalar(byte))), radix: 16) : nil
      #expect(ASCII.hexadecimalValue(byte) == expected, "\(byte)")
    }
  }

  @Test func `the line scanner finds each control byte in each lane`() {
    for byte in UInt8.min...UInt8.max {
      for place in 0..<20 {
        var line = [UInt8](repeating: 0x80 | UInt8(place), count: 20)
        line[place] = byte
        var scanner = LineScanner()
        let step = Result { () throws(Malformed) in
          try scanner.next(in: (line + [13, 10]).span, from: 0, limit: 100)
        }
        switch step {
        case .success(.line(let range)): #expect(ASCII.isFieldContent(byte) && range == 0..<20)
        case .success: Issue.record("\(byte) at \(place) hides the line's end")
        case .failure: #expect(!ASCII.isFieldContent(byte), "\(byte) at \(place)")
        }
      }
    }
  }
}
