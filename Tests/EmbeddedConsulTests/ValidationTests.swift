// Names and metadata at their limits.

import Bytes
import Testing

@testable import EmbeddedConsul

@Suite struct ValidationTests {
  @Test(arguments: [
    "a", "0", "a-b", "a--b", "xn--a", "token", "default", "123", String(repeating: "n", count: 62),
    String(repeating: "n", count: 63),
  ])
  func `a label of lower case, digits and dashes is a name`(name: String) {
    #expect(Validation.peerNameFault(ByteString(name)) == nil)
  }

  @Test(arguments: [
    "", "A", "a_b", "a.b", "-a", "a-", "-", "a b", "a/b", "é", "a\n", "--AA--",
    String(repeating: "n", count: 64),
  ])
  func `anything else is not, and is named`(name: String) {
    #expect(
      Validation.peerNameFault(ByteString(name)) == name
        + " is not a valid peer name: a valid peering name must consist of lower case alphanumeric "
        + "characters or '-', and must start and end with an alphanumeric character")
  }

  private func meta(_ pairs: Int) -> [ByteString: ByteString] {
    Dictionary(uniqueKeysWithValues: (0..<pairs).map { (ByteString("k\($0)"), "v") })
  }

  @Test func `sixty-four pairs are the most`() {
    #expect(Validation.metaFault(meta(63)) == nil)
    #expect(Validation.metaFault(meta(64)) == nil)
    #expect(
      Validation.metaFault(meta(65))
        == "meta tags failed validation: Node metadata cannot contain more than 64 key/value pairs")
  }

  @Test(arguments: [
    ("", "v", "Key cannot be blank"), ("k é", "v", "Key contains invalid characters"),
    ("consul-x", "v", "Key prefix 'consul-' is reserved for internal use"),
    (String(repeating: "k", count: 129), "v", "Key is too long (limit: 128 characters)"),
    ("k", String(repeating: "v", count: 513), "Value is too long (limit: 512 characters)"),
  ])
  func `a bad pair is named with its fault`(key: String, value: String, fault: String) {
    #expect(
      Validation.metaFault([ByteString(key): ByteString(value)])
        == "meta tags failed validation: Couldn't load metadata pair ('\(key)', '\(value)'): \(fault)")
  }

  @Test func `pairs at the limits pass`() {
    #expect(
      Validation.metaFault([
        ByteString(String(repeating: "k", count: 128)): ByteString(String(repeating: "v", count: 512))
      ]) == nil)
    #expect(Validation.metaFault(["Az_9-": "", "consul_x": "any \u{0} text"]) == nil)
  }
}
