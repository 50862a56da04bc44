// Every limit of a policy set: at it, and one above.
import Bytes
import HCL
import Testing

@testable import Policy

struct PolicyLimitsTests {
  private func token(_ lines: String, name: String = "t") -> String {
    """
    token "\(name)" {
      accessor_id = "6a1253d2-1785-24fd-91c2-f8e78c745511"
    \(lines)
    }
    """
  }

  private func errors(_ text: String) -> [String] {
    do throws(PolicyErrors) {
      _ = try PolicyLoader.load(
        [PolicyFile(name: "p.hcl", path: "p.hcl", bytes: Array(text.utf8))], now: LoaderVectors.now)
      return []
    } catch {
      return error.diagnostics.filter { $0.severity == .error }.map(\.message)
    }
  }

  private func list(_ count: Int, _ element: (Int) -> String) -> String {
    "[" + (0..<count).map { "\"\(element($0))\"" }.joined(separator: ", ") + "]"
  }

  private let secret =
    "  secret_sha256 = [\"af86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"]\n"

  @Test func `a token has at most 64 policies`() {
    func text(_ count: Int) -> String {
      (0..<count).map { "policy \"p\($0)\" { peering = \"read\" }\n" }.joined()
        + token(secret + "  policies = " + list(count) { "p\($0)" })
    }
    #expect(errors(text(64)) == [])
    #expect(errors(text(65)) == ["more than 64 policies; join some of them into one"])
  }

  @Test func `a token has at most 4 digests`() {
    func text(_ count: Int) -> String {
      token(
        "  policies = []\n  secret_sha256 = "
          + list(count) { "\($0)f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08" })
    }
    #expect(errors(text(4)) == [])
    #expect(errors(text(5)) == ["more than 4 digests in secret_sha256; remove the ones rotated out"])
  }

  @Test func `a token has at most 64 sources and 64 certificate names of a kind`() {
    func text(_ count: Int) -> String {
      token(
        secret + "  policies = []\n  sources = " + list(count) { "10.0.0.\($0)/32" }
          + "\n  client_certificate { san_dns = " + list(count) { "host-\($0)" } + " }")
    }
    #expect(errors(text(64)) == [])
    #expect(
      errors(text(65)) == [
        "more than 64 sources; join neighbouring ranges",
        "more than 64 names in san_dns; use a prefix such as \"spiffe://…/*\"",
      ])
  }

  @Test func `names have at most 128 bytes`() {
    func name(_ count: Int) -> String { String(repeating: "n", count: count) }
    #expect(errors("policy \"\(name(128))\" { peering = \"read\" }") == [])
    #expect(errors("policy \"\(name(129))\" { peering = \"read\" }").count == 1)
    #expect(errors(token(secret + "  policies = []", name: name(128))) == [])
    #expect(errors(token(secret + "  policies = []", name: name(129))).count == 1)
  }

  @Test func `a peer name in a rule has at most 63 bytes, and so has a prefix`() {
    for kind in ["peering", "peering_prefix"] {
      func text(_ count: Int) -> String {
        "policy \"a\" { \(kind) \"\(String(repeating: "n", count: count))\" { policy = \"read\" } }"
      }
      #expect(errors(text(63)) == [])
      #expect(errors(text(64)).count == 1)
    }
  }

  @Test func `findings beyond a hundred are counted, and warnings never crowd out an error`() throws {
    let unused = (0..<150).map { "policy \"p\($0)\" { peering = \"read\" }\n" }.joined()
    #expect(try policySet(unused).warnings.count == 100)
    #expect(errors(unused + token(secret + "  policies = [\"missing\"]")).count == 1)
    let missing = (0..<150).map { "missing-\($0)" }
    let tokens = missing.enumerated().map { index, policy in
      let digits = String(index + 100)
      return """
        token "t\(index)" {
          accessor_id   = "6a1253d2-1785-24fd-91c2-f8e78c745\(digits)"
          secret_sha256 = ["af86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00\(digits)"]
          policies      = ["\(policy)"]
        }

        """
    }
    #expect(errors(tokens.joined()).count == 100)
    #expect(throws: PolicyErrors.self) { try policySet(tokens.joined()) }
  }
}
