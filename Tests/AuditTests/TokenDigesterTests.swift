// What a peering token looks like in the log.
import Digests
import Testing

@testable import Audit

struct TokenDigesterTests {
  private func digest(_ token: String, _ key: TokenDigestKey) -> String {
    var digester = key.digester()
    return digester.digest(of: token.utf8.span)
  }

  @Test func `the same key gives the same digest, another key another that says so`() throws {
    let key = try SigningKey.generate()
    let pem = try key.pem()
    let first = try AuditKey(key).tokenDigestKey
    let again = try AuditKey(SigningKey(pem: pem.span)).tokenDigestKey
    let other = try AuditKey(SigningKey.generate()).tokenDigestKey
    #expect(digest("token", first) == digest("token", again))
    #expect(digest("token", first) != digest("token", other))
    #expect(first.name == again.name && first.name != other.name)
    #expect(digest("token", first).hasPrefix("hmac-sha256:\(first.name):"))
    #expect(digest("token", first) != digest("tokem", first))
  }

  /// Computed with other tools from RFC 8032 and RFC 2104, so that digests in old logs stay what they are.
  @Test func `a known key and token give the digest that they gave before`() throws {
    let seed = [UInt8](repeating: 7, count: 32)
    let key = try AuditKey(SigningKey(seed: seed.span)).tokenDigestKey
    let expected = "749c388035870b91433cdf2cea0a2cbb05816108a1b151335adc95fa3cf0ca86"
    #expect(digest("eyJDQSI6bnVsbH0=", key) == "hmac-sha256:77e25940:" + expected)
  }

  @Test func `line ends do not make another token, since Consul's decoder skips them`() throws {
    let key = try TokenDigestKey.ofThisRun()
    #expect(digest("abcd\nefgh\r\n", key) == digest("abcdefgh", key))
    #expect(digest("abcd efgh", key) != digest("abcdefgh", key))
    #expect(digest("\n", key) == digest("", key))
  }

  @Test(arguments: 0...24) func `a line end is found wherever it stands`(position: Int) throws {
    let key = try TokenDigestKey.ofThisRun()
    let token = "ABCDEFGHIJKLMNOPQRSTUVWX"
    for lineEnd in ["\n", "\r", "\r\n"] {
      #expect(digest(token.prefix(position) + lineEnd + token.dropFirst(position), key) == digest(token, key))
    }
    let other = digest(token.prefix(position) + "\t" + token.dropFirst(position), key)
    #expect(other != digest(token, key))
  }

  @Test func `a key of one run is another in the next`() throws {
    #expect(try TokenDigestKey.ofThisRun().name != TokenDigestKey.ofThisRun().name)
  }

  @Test func `neither key nor digest shows the secret when printed or dumped`() throws {
    let key = try TokenDigestKey.ofThisRun()
    var dumped = ""
    dump(key, to: &dumped)
    #expect(
      dumped + "\(key)" + String(reflecting: key) == "- (token digest key \(key.name))\n"
        + "(token digest key \(key.name))(token digest key \(key.name))")
  }
}
