// Waiting, and the notation in which it is asked for.

import Testing

@testable import HTTP
@testable import Peering

struct QueryParametersTests {
  // Taken from Go's own reading of these texts.
  @Test(
    arguments: [
      ("0", 0), ("5s", 5_000_000_000), ("+5s", 5_000_000_000), ("-5s", -5_000_000_000),
      ("1.5s", 1_500_000_000),
      (".5s", 500_000_000), ("1.s", 1_000_000_000), ("1m30s", 90_000_000_000),
      ("1h1m1s1ms1us1ns", 3_661_001_001_001),
      ("0s", 0), ("-0", 0), ("100ns", 100), ("0.1ns", 0), ("9223372036854775807ns", .max),
      ("-9223372036854775808ns", .min), ("0.9223372036854775807h", 3_320_413_933_267), ("3000000h", nil),
      ("9223372036854775808ns", nil), ("-9223372036854775809ns", nil), ("99999999999999999999s", nil),
      ("", nil),
      ("-", nil), ("+", nil), ("s", nil), (".s", nil), (".", nil), ("10", nil), ("1d", nil), ("5S", nil),
      (" 5s", nil),
      ("5s ", nil), ("5 s", nil), ("1e3s", nil), ("0x5s", nil), ("--5s", nil), ("5s-5s", nil), ("1,5s", nil),
      ("5µs", nil),
    ] as [(String, Int64?)])
  func `a duration is read as Go reads it`(_ text: String, _ nanoseconds: Int64?) {
    let read = GoDuration.nanoseconds(Array(text.utf8).span)
    #expect(read == nanoseconds)
  }

  @Test(
    arguments: [
      ("", nil), ("?wait=10s", nil), ("?index=0&wait=10s", nil), ("?index=1", 318.75),
      ("?index=1&wait=16s", 17),
      ("?index=1&wait=10m", 637.5), ("?index=1&wait=599s", 636.4375), ("?index=1&wait=601s", 637.5),
      ("?index=1&wait=0", 318.75), ("?index=1&wait=-1s", 318.75),
    ] as [(String, Double?)])
  func `a blocking query may take its wait and a sixteenth`(_ query: String, _ seconds: Double?) throws {
    let parameters = try request("GET /v1/peerings\(query)").query
    #expect(parameters.blockingTime == seconds.map { .seconds($0) })
  }

  @Test func `a parameter's name is shown while it is short`() throws {
    for excess in [-1, 0, 1] {
      let name = String(repeating: "n", count: PeeringLimits.quotedKeyBytes + excess)
      let head = try head("GET /v1/peerings?\(name)")
      do throws(Refusal) {
        _ = try PeeringCall.parse(head, body: [UInt8]().span)
        Issue.record("accepted")
      } catch {
        #expect(error.description.contains(name) == (excess <= 0))
      }
    }
  }

  @Test func `all keys have their own name and their own bit`() {
    #expect(Set(QueryKey.allCases.map(\.spelling.description)).count == QueryKey.allCases.count)
    #expect(QueryKey.allCases.allSatisfy { $0.rawValue < 32 })
  }
}
