// The table from what went wrong to what is said.

import Audit
import Consul
import HTTP
import Messages
import Peering
import Sockets
import Testing

@testable import Gate
@testable import Record

@Suite struct OutcomeTests {
  private struct Row: Sendable {
    let failure: Failure
    let status: UInt16
    let sentence: String
    let reason: String
    var closes = false
    var retries = false
  }

  private static let rows: [Row] = [
    Row(
      failure: .request(.malformed(.bareLineFeed)), status: 400,
      sentence: "a line ends with a bare line feed; end lines with CR LF",
      reason: "request: a line ends with a bare line feed; end lines with CR LF", closes: true),
    Row(
      failure: .request(.malformed(.bodyTooLarge(limit: 9))), status: 413,
      sentence: "the body is larger than 9 bytes", reason: "request: the body is larger than 9 bytes",
      closes: true),
    Row(
      failure: .request(.slow(.body)), status: 408,
      sentence: "the request body did not come in time, send it again",
      reason: "request: the body did not come in time", closes: true),
    Row(
      failure: .request(.closed(during: .body)), status: 499, sentence: "",
      reason: "request: the connection was closed before the body was complete", closes: true),
    Row(
      failure: .request(.interrupted), status: 503,
      sentence: "this gate is shutting down, try again", reason: "request: the wait was given up",
      closes: true, retries: true),
    Row(
      failure: .refused(.notServed), status: 403, sentence: "Endpoint is not served by this gate",
      reason: "Endpoint is not served by this gate"),
    Row(
      failure: .upstream(.clientLeft), status: 499, sentence: "",
      reason: "the client left before Consul answered",
      closes: true),
    Row(
      failure: .upstream(.unreachable(.socket(SocketError(doing: .connect, because: .deadline)))),
      status: 502,
      sentence: "Consul cannot be reached", reason: "upstream: connect took too long"),
    Row(
      failure: .upstream(.reply(.slow(.head))), status: 504, sentence: "Consul did not answer in time",
      reason: "upstream: the head did not come in time"),
    Row(
      failure: .upstream(.reply(.closed(during: .body))), status: 502,
      sentence: "Consul's reply was broken off or malformed",
      reason: "upstream: the connection was closed before the body was complete"),
    Row(
      failure: .upstream(.nonsense("the list is not JSON: x")), status: 502,
      sentence: "Consul's reply could not be understood", reason: "upstream: the list is not JSON: x"),
    Row(
      failure: .upstream(.busy), status: 503, sentence: "all connections to Consul are in use, try again",
      reason: "the budget of upstream connections is used up", retries: true),
    Row(
      failure: .draining, status: 503, sentence: "this gate is shutting down, try again",
      reason: "the gate is stopping", retries: true),
  ]

  @Test(arguments: rows.indices) func `each failure has its status, its sentence and its reason`(row: Int) {
    let row = Self.rows[row]
    let outcome = Outcome(row.failure)
    #expect(outcome.answer.status.rawValue == row.status)
    #expect(String(decoding: outcome.answer.body, as: UTF8.self) == row.sentence)
    #expect(outcome.reason == row.reason)
    #expect(outcome.answer.closes == row.closes)
    let fields = outcome.answer.fields.map(\.name)
    #expect(fields.contains(.retryAfter) == row.retries)
    #expect(fields.contains(.contentType) == !row.sentence.isEmpty)
  }

  @Test func `a record that cannot be kept is told without its cause`() {
    for error in [LedgerError.late, .refused(.closed)] {
      let outcome = Outcome(.unrecorded(error))
      #expect(outcome.answer.status == .serviceUnavailable)
      #expect(
        String(decoding: outcome.answer.body, as: UTF8.self)
          == "the audit record cannot be kept, so nothing is answered, try again")
      #expect(outcome.reason.hasPrefix("audit: "))
    }
  }

  @Test func `a method that is not allowed says which are`() throws {
    let outcome = Outcome(.refused(.methodNotAllowed(.put, .getAndDelete)))
    #expect(outcome.answer.status == .methodNotAllowed)
    let allow = try #require(outcome.answer.fields.first { $0.name == .allow })
    #expect(allow.value.text == "OPTIONS,GET,DELETE")
  }

  @Test func `a withheld answer ends the connection exactly if the answer itself would have`() {
    // RecordedResponse has no other way in; see RecordFailureTests for what a client sees of it.
    for closes in [true, false] {
      var answer = Response.text(.badRequest, "x")
      answer.closes = closes
      #expect(RecordedResponse.unrecorded(insteadOf: answer).endsConnection == closes)
    }
  }
}
