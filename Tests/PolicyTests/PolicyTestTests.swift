// Policy tests: what can be wrong with one, what makes one fail, and which rules they reach.
import Bytes
import Foundation
import HCL
import Peering
import Testing

@testable import Policy

struct PolicyTestTests {
  private let set: PolicySet

  init() throws {
    set = try policySet(
      """
      policy "a" {
        peering_prefix "team-" { policy = "write" }
        peering "hub" { policy = "read" }
      }
      policy "b" {
        peering "unused" { policy = "deny" }
      }
      token "ci" {
        accessor_id   = "6a1253d2-1785-24fd-91c2-f8e78c745511"
        secret_sha256 = ["af86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"]
        policies      = ["a", "b"]
        not_after     = "2027-01-01T00:00:00Z"
      }
      token "workload" {
        accessor_id = "6a1253d2-1785-24fd-91c2-f8e78c745512"
        policies    = ["a"]
        client_certificate { san_uri = ["spiffe://a/b"] }
      }
      """)
  }

  private func run(_ body: String) throws -> PolicyTestRun {
    let text = "test \"t\" {\n\(body)\n}\n"
    let tests = try PolicyTest.read([
      PolicyFile(name: "t.test.hcl", path: "t.test.hcl", bytes: Array(text.utf8))
    ])
    return PolicyTestRun(tests, on: set, now: LoaderVectors.now)
  }

  @Test(arguments: [
    #"token = "ci"  operation = ["read", "delete"]  peer = ["team-1", "team-2"]  expect = "allow""#,
    #"token = "ci"  operation = "delete"  peer = "hub"  expect = "deny"  by = "peering hub"  policy = "a""#,
    #"token = "ci"  operation = "delete"  peer = "hub"  expect = "deny"  by = "peering \"hub\"""#,
    #"token = "ci"  operation = "read"  peer = "x"  expect = "deny"  by = "no rule""#,
    #"token = "ci"  operation = "read"  peer = "hub"  partition = "eu"  expect = "deny"  by = "no rule""#,
    #"token = "ci"  operation = "list"  at = "2027-01-01T00:00:00Z"  expect = "deny"  by = "token expired""#,
    #"token = "ci"  operation = "list"  expect = "allow"  shows = ["team-1", "hub"]  hides = "unused""#,
    #"token = "anonymous"  operation = "list"  expect = "deny"  by = "no rule""#,
    #"san_uri = ["spiffe://a/b"]  operation = "read"  peer = "hub"  expect = "allow""#,
    #"san_uri = ["spiffe://a/c"]  operation = "read"  peer = "hub"  expect = "deny""#,
    #"token = "workload"  operation = "read"  peer = "hub"  expect = "deny"  by = "certificate not allowed""#,
  ])
  func `a test that holds passes`(body: String) throws {
    #expect(try run(body.replacingOccurrences(of: "  ", with: "\n")).failures.map(\.complaint) == [])
  }

  @Test(arguments: [
    (
      #"token = "ci"  operation = "delete"  peer = "hub"  expect = "allow""#,
      #"denied by p.hcl:3 peering "hub" { policy = "read" }, expected to be allowed"#
    ),
    (
      #"token = "ci"  operation = "read"  peer = "hub"  expect = "deny""#,
      #"allowed by p.hcl:3 peering "hub" { policy = "read" }, expected to be denied"#
    ),
    (
      #"token = "ci"  operation = "read"  peer = "hub"  expect = "allow"  by = "peering""#,
      #"decided by "peering hub", expected "peering" (p.hcl:3 peering "hub" { policy = "read" })"#
    ),
    (
      #"token = "ci"  operation = "read"  peer = "hub"  expect = "allow"  policy = "b""#,
      #"decided by a rule of policy "a", expected policy "b""#
    ),
    (
      #"token = "ci"  operation = "list"  expect = "allow"  shows = "x""#,
      #"the list hides "x", expected it shown"#
    ),
    (
      #"token = "ci"  operation = "list"  expect = "allow"  hides = "hub""#,
      #"the list shows "hub", expected it hidden"#
    ),
    (#"token = "nobody"  operation = "list"  expect = "deny""#, #"no token is named "nobody""#),
  ])
  func `a test that does not hold says what was decided`(body: String, complaint: String) throws {
    #expect(try run(body.replacingOccurrences(of: "  ", with: "\n")).failures.map(\.complaint) == [complaint])
  }

  @Test func `rules that no test reaches are known`() throws {
    let run = try run(
      #"token = "ci"\#n operation = "read"\#n peer = ["hub", "team-1", "team-2"]\#n expect = "allow""#)
    #expect(run.questionCount == 3)
    #expect(run.coverage.map(\.decided) == [2, 1, 0])
    #expect(run.uncovered.map(\.key.text) == ["peering unused"])
  }

  @Test(arguments: try VectorCase.read("tests.txt"))
  func `faults in test files are reported as the vector says`(vector: VectorCase) {
    do throws(PolicyErrors) {
      _ = try PolicyTest.read(vector.files)
      #expect(vector.expected.isEmpty)
    } catch {
      let reported = error.diagnostics.map(\.description).joined(separator: "\n")
      #expect(reported == vector.expected.trimmingCharacters(in: .newlines), "\(reported)")
    }
  }
}
