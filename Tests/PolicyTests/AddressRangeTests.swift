// Addresses and CIDR ranges.
import Bytes
import Testing

@testable import Policy

struct AddressRangeTests {
  @Test(arguments: [
    ("10.1.2.3", "10.1.2.3"), ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"),
    ("::", "::"), ("::1", "::1"), ("2001:db8::", "2001:db8::"), ("2001:DB8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
    ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("1:0:3:4:5:6:7:8", "1:0:3:4:5:6:7:8"),
    ("::ffff:10.1.2.3", "10.1.2.3"), ("64:ff9b::1.2.3.4", "64:ff9b::102:304"),
    ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"), ("1::8", "1::8"), ("fe80::1", "fe80::1"),
  ])
  func `an address is read and printed in its shortest form`(text: String, printed: String) throws {
    let address = try #require(Address(text))
    #expect(address.text == printed)
    #expect(Address(printed) == address)
  }

  @Test(arguments: [
    "", "10", "10.1.2", "10.1.2.3.4", "10.1.2.256", "10.01.2.3", "10.1.2.-3", "10.1.2.3 ", "localhost", ":",
    ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7::8", "12345::", "g::",
    "fe80::1%eth0",
    "::1.2.3", "1:2:3:4:5:6:7:1.2.3.4", "[::1]", "+1::", ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7:",
  ])
  func `what is no address is refused`(text: String) {
    #expect(Address(text) == nil)
  }

  @Test func `socket address bytes and text agree`() throws {
    #expect(Address(networkBytes: [10, 1, 2, 3].span) == Address("10.1.2.3"))
    var bytes = [UInt8](repeating: 0, count: 16)
    bytes[0...1] = [0x20, 0x01]
    bytes[15] = 7
    #expect(Address(networkBytes: bytes.span) == Address("2001::7"))
    #expect(Address(networkBytes: [1, 2, 3].span) == nil)
    #expect(Address(networkBytes: [UInt8](repeating: 0, count: 17).span) == nil)
  }

  @Test(arguments: [
    ("10.0.0.0/8", "10.255.255.255", "11.0.0.0"), ("10.1.2.3", "10.1.2.3", "10.1.2.4"),
    ("0.0.0.0/0", "255.0.0.1", "::1"), ("10.1.2.0/31", "10.1.2.1", "10.1.2.2"),
    ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::"), ("::/0", "10.1.2.3", ""),
    ("2001:db8::/65", "2001:db8::7fff:0:0:0", "2001:db8::8000:0:0:0"),
    ("2001:db8::/64", "2001:db8::ffff:0:0:0", "2001:db8:0:1::"),
    ("2001:db8::1/128", "2001:db8::1", "2001:db8::2"),
  ])
  func `a range holds what shares its leading bits`(text: String, inside: String, outside: String) throws {
    let range = try AddressRange(text)
    #expect(range.contains(try #require(Address(inside))))
    if !outside.isEmpty { #expect(!range.contains(try #require(Address(outside)))) }
    #expect(try AddressRange(range.text) == range)
  }

  @Test(arguments: [
    "", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/08", "10.0.0.0/+8", "::/129", "10.0.0.0/8/8", "/8", "x/8",
  ])
  func `what is no range is refused`(text: String) {
    #expect(throws: AddressRange.Fault.notARange) { try AddressRange(text) }
  }

  @Test func `bits behind the length are refused with the range that was perhaps meant`() {
    #expect(throws: AddressRange.Fault.hostBits(range: "10.0.0.0/8")) { try AddressRange("10.1.2.3/8") }
    #expect(throws: AddressRange.Fault.hostBits(range: "2001:db8::/32")) {
      try AddressRange("2001:db8::1/32")
    }
  }
}
