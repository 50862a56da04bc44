// Index, wait, consistency and cache directives.

import Bytes
import Testing

@testable import EmbeddedConsul

@Suite struct QueryOptionsTests {
  private func parse(_ query: String, cacheControl: ByteString = "") throws -> QueryOptions {
    let query = try #require(QueryString(Array(query.utf8)[...]))
    return try QueryOptions.parse(query, cacheControl: cacheControl)
  }

  private func fault(_ query: String, cacheControl: ByteString = "") -> String {
    do {
      _ = try parse(query, cacheControl: cacheControl)
      return "accepted"
    } catch {
      return (error as? QueryOptions.Fault)?.text ?? "\(error)"
    }
  }

  @Test(arguments: [
    ("", 0), ("index=", 0), ("index=0", 0), ("index=7", 7), ("index=18446744073709551615", .max),
  ])
  func `an index is an unsigned number`(query: String, index: UInt64) throws {
    #expect(try parse(query).minimumIndex == index)
  }

  @Test(arguments: ["abc", "-1", "%2B1", "1.0", "0x1", "18446744073709551616", "%201"])
  func `anything else is no index`(index: String) {
    #expect(fault("index=\(index)") == "Invalid index")
  }

  @Test(arguments: [
    ("", 300), ("wait=0s", 300), ("wait=-5s", 300), ("wait=299s", 299), ("wait=300s", 300),
    ("wait=599s", 599),
    ("wait=600s", 600), ("wait=601s", 600), ("wait=24h", 600), ("wait=1s", 1),
  ])
  func `a wait has a default and a cap`(query: String, seconds: Int) throws {
    #expect(try parse(query).wait == .seconds(seconds))
  }

  @Test(arguments: ["10", "abc", "1d", "5S"])
  func `a wait needs its unit`(wait: String) {
    #expect(fault("wait=\(wait)") == "Invalid wait time")
  }

  @Test func `conflicting consistency is refused before anything else`() {
    let text = "Cannot specify ?stale with ?consistent, conflicting semantics."
    #expect(fault("stale&consistent&index=abc&wait=abc") == text)
    #expect(fault("stale=false&consistent=0") == text)
    #expect(fault("max_stale=1s&consistent") == text)
    #expect(fault("max_stale=0s&consistent") == "accepted")
    #expect(fault("cached&consistent") == "Cannot specify ?cached with ?consistent, conflicting semantics.")
    #expect(fault("max_stale=abc") == "Invalid max_stale value \"abc\"")
    #expect(fault("stale&cached&leader") == "accepted")
  }

  @Test(arguments: [
    ("max-age=10", "accepted"), ("max-age=10, stale-if-error=60", "accepted"),
    ("must-revalidate", "accepted"),
    ("no-store", "accepted"), ("MAX-AGE=3", "accepted"), ("max-age=x", "Invalid Cache-Control header."),
    ("max-age=", "Invalid Cache-Control header."), ("max-age=1s", "Invalid Cache-Control header."),
    ("no-cache, stale-if-error=x", "Invalid Cache-Control header."),
  ])
  func `cache directives are read and then mean nothing`(field: String, outcome: String) {
    #expect(fault("", cacheControl: ByteString(field)) == outcome)
  }

  @Test func `the order of faults is Cache-Control, wait, index`() {
    #expect(fault("wait=abc&index=abc", cacheControl: "max-age=x") == "Invalid Cache-Control header.")
    #expect(fault("index=abc&wait=abc") == "Invalid wait time")
  }
}
