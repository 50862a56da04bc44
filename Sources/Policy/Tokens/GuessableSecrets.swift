// Secrets that an attacker tries first.

import Bytes
import Digests
import HCL
package import Peering

/// Known by their digests: everything of one or two visible characters, numbers of up to four digits, the words that
/// people put where a secret belongs, and UUIDs that documentation prints or that somebody typed without thinking.
package enum GuessableSecrets {
  /// What is to be said of a secret that somebody holds: that anybody guesses it, or that trying them all finds it. Nil
  /// if neither.
  package static func complaint(of secret: Credential) -> String? {
    secret.withBytes { bytes in
      if let word = word(of: SHA256.digest(of: bytes)) {
        return "is \(Quoting.quoted(ByteString(word))), which anybody guesses"
      }
      guard bytes.count < PolicyLimits.secretBytes else { return nil }
      return "has \(bytes.count) bytes, and anyone who tries them all finds it; those of Consul have 36"
    }
  }

  /// What the digest is one of, as a message quotes it; nil if nobody guesses it.
  static func word(of digest: SHA256Digest) -> String? {
    guard contains(digest) else { return nil }
    let sought = beginning(of: digest)
    var running = SHA256()
    var found: String?
    forEach { secret in
      running.update(secret.span)
      if beginning(of: running.finish()) == sought { found = String(decoding: secret, as: UTF8.self) }
    }
    return found
  }

  static func contains(_ digest: SHA256Digest) -> Bool {
    let sought = beginning(of: digest)
    var (low, high) = (0, beginnings.count)
    while low < high {
      let middle = (low + high) / 2
      if beginnings[middle] < sought { low = middle + 1 } else { high = middle }
    }
    return low < beginnings.count && beginnings[low] == sought
  }

  /// The first eight bytes of each digest, in order: no two of 2⁶⁴ meet by chance, and 20,000 take 160 kB. Made at the
  /// first question.
  private static let beginnings: [UInt64] = {
    var running = SHA256()
    var beginnings: [UInt64] = []
    forEach { secret in
      running.update(secret.span)
      beginnings.append(beginning(of: running.finish()))
    }
    return beginnings.sorted()
  }()

  private static func forEach(_ body: ([UInt8]) -> Void) {
    let visible = UInt8(0x21)...0x7E
    for first in visible {
      body([first])
      for second in visible { body([first, second]) }
    }
    for digits in 1...4 {
      for number in 0..<10_000 where String(number).utf8.count <= digits {
        let text = String(number)
        body(Array((String(repeating: "0", count: digits - text.utf8.count) + text).utf8))
      }
    }
    body([])
    for word in words { body(word) }
    for uuid in uuids { body(Array(uuid.utf8)) }
  }

  private static func beginning(of digest: SHA256Digest) -> UInt64 {
    digest.bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Each as it is, with a capital, in capitals, and with the endings that rules about passwords bring about.
  private static var words: [[UInt8]] {
    let endings = ["", "1", "12", "123", "1234", "12345", "123456", "!", "1!", "123!"]
    return plainWords.flatMap { word in
      let word = Array(word.utf8)
      let capital = capitals(word.prefix(1)) + word.dropFirst()
      return [word, capital, capitals(word[...])].flatMap { spelling in endings.map { spelling + $0.utf8 } }
    }
  }

  private static func capitals(_ word: ArraySlice<UInt8>) -> [UInt8] {
    word.map { 0x61...0x7A ~= $0 ? $0 ^ 0x20 : $0 }
  }

  private static let plainWords = [
    "abc", "acl", "admin", "administrator", "agent", "allow", "anonymous", "apikey", "api-key", "auth", "bar",
    "baz",
    "bearer", "bob", "bootstrap", "change-me", "change_me", "changeit", "changeme", "changethis", "ci",
    "client",
    "consul", "consul-token", "consultoken", "correcthorsebatterystaple", "credential", "default", "demo",
    "deny",
    "dev", "development", "dummy", "empty", "example", "fixme", "foo", "foobar", "gate", "guest", "hashicorp",
    "hello",
    "helloworld", "hunter2", "iloveyou", "key", "letmein", "localhost", "login", "manage", "management",
    "manager",
    "master", "monkey", "my-secret", "my-token", "mysecret", "mytoken", "nil", "nobody", "none", "null",
    "operator",
    "p4ssw0rd", "p@ssw0rd", "p@ssword", "pa55word", "pass", "passw0rd", "password", "passwd", "peer",
    "peergate",
    "peering", "placeholder", "private", "prod", "production", "public", "qwerty", "qwertyuiop", "read",
    "readonly",
    "replaceme", "replace-me", "root", "s3cr3t", "s3cret", "sample", "secret", "secret-token", "secrettoken",
    "server",
    "service", "staging", "super-secret", "supersecret", "team", "temp", "test", "test-token", "testing",
    "testtest",
    "testtoken", "tbd", "tmp", "todo", "token", "topsecret", "undefined", "user", "vault", "welcome", "write",
    "xxx",
    "xxxx", "xxxxxxxx", "yes", "your-secret", "your-token", "yourtoken", "zaq12wsx", "1q2w3e4r", "111111",
    "12345",
    "123456", "1234567", "12345678", "123456789", "1234567890", "0123456789", "987654321", "000000",
    "00000000",
    "b1gs33cr3t", "<token>", "<secret>", "<your-token>", "your_token", "your_token_here", "your-token-here",
  ]

  private static var uuids: [String] {
    let typed = "0123456789abcdef".map { digit in
      [8, 4, 4, 4, 12].map { String(repeating: digit, count: $0) }.joined(separator: "-")
    }
    let numbered = (0...9).map { "00000000-0000-0000-0000-00000000000\($0)" }
    let all = typed + numbered + printedUUIDs
    return all + all.map { String(decoding: capitals(Array($0.utf8)[...]), as: UTF8.self) }
  }

  /// Secret and accessor IDs of Consul's documentation, its tutorials and its API pages.
  private static let printedUUIDs = [
    "12345678-1234-1234-1234-123456789012", "12345678-1234-1234-1234-123456789abc",
    "01234567-89ab-cdef-0123-456789abcdef", "45a3bd52-07c7-47a4-52fd-0745e0cfe967",
    "6a1253d2-1785-24fd-91c2-f8e78c745511", "527347d3-9653-07dc-adc0-598b8f2b0f4d",
    "b5b1a918-50bc-fc46-dec2-d481359da4e3", "b78d37c7-0ca7-5f4d-99ee-6d9975ce4586",
    "926e2bd2-b344-d91b-0c83-ae89f372cd9b", "8b1247ef-d172-4f99-b050-4dbe5d3df0cb",
    "773efe2a-1f6f-451f-878c-71be10712bae", "adf4238a-882b-9ddc-4a9d-5b6758e4159e",
    "8f246b77-f3e1-ff88-5b48-8ec93abf3e05", "5cdcae6c-0cce-4210-86fe-5dff3b984a6e",
    "b23b3cad-5ea1-4413-919e-c76884b9ad60", "0137db51-5895-4c25-b6cd-d9ed992f4a52",
    "ec15675e-2999-d789-832e-8c4794daa8d7", "02143514-abf2-6c23-0aa1-ec2107e68f6b",
    "ada7f751-f654-8872-7f93-498e799158b6", "930dafb6-5c08-040b-23fb-a368a95256f9",
    "986193b5-e2b5-eb26-6264-b524ea60cc6d", "4fdf0ec8-d251-3865-079c-7247c974fc50",
    "59f86a9b-d3b6-166c-32a0-be4ab3f94caa", "0c083aca-6c15-f0cc-c4d9-30578db54cd9",
  ]
}
