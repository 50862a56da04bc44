// Every limit: at it, one below, one above.

import Testing

@testable import HTTP

struct LimitTests {
  private var limits: HTTPLimits {
    var limits = HTTPLimits()
    limits.startLineBytes = 100
    limits.fieldLineBytes = 100
    limits.fieldCount = 5
    limits.headBytes = 400
    limits.bodyBytes = 1000
    limits.chunkExtensionBytes = 20
    limits.chunkExtensionTotalBytes = 50
    return limits
  }

  @Test(arguments: [-1, 0, 1]) func `the request line`(_ excess: Int) {
    // "GET /" and " HTTP/1.1" are 14 bytes.
    let input = "GET /" + String(repeating: "a", count: 86 + excess) + " HTTP/1.1\r\nHost: a\r\n\r\n"
    expect(input, refused: excess > 0 ? .startLineTooLong(limit: 100) : nil, status: .uriTooLong)
  }

  @Test func `a request line that never ends is refused at the first byte too many`() {
    let input = Array(("GET /" + String(repeating: "a", count: 95)).utf8)
    #expect(feedRequest(input, limits: limits).isIncomplete)
    #expect(feedRequest(input + [0x61], limits: limits).malformed == .startLineTooLong(limit: 100))
    #expect(feedRequest(input + [0x0D], limits: limits).isIncomplete)
  }

  @Test(arguments: [-1, 0, 1]) func `a field line`(_ excess: Int) {
    let input = "GET / HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "b", count: 97 + excess) + "\r\n\r\n"
    expect(input, refused: excess > 0 ? .fieldLineTooLong(limit: 100) : nil, status: .headerFieldsTooLarge)
  }

  @Test(arguments: [-1, 0, 1]) func `the number of fields`(_ excess: Int) {
    let input =
      "GET / HTTP/1.1\r\nHost: a\r\n" + String(repeating: "X: b\r\n", count: 4 + excess) + "\r\n"
    expect(input, refused: excess > 0 ? .tooManyFields(limit: 5) : nil, status: .headerFieldsTooLarge)
  }

  @Test(arguments: [-1, 0, 1]) func `the whole head`(_ excess: Int) {
    var input = "GET / HTTP/1.1\r\nHost: a\r\n"
    for _ in 0..<3 { input += "X: " + String(repeating: "b", count: 95) + "\r\n" }
    input += "Y: " + String(repeating: "c", count: 400 + excess - input.utf8.count - 7) + "\r\n\r\n"
    #expect(input.utf8.count == 400 + excess)
    expect(input, refused: excess > 0 ? .headTooLarge(limit: 400) : nil, status: .headerFieldsTooLarge)
  }

  @Test(arguments: [-1, 0, 1]) func `the body by its length`(_ excess: Int) {
    let input = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(1000 + excess)\r\n\r\n"
    expect(input, refused: excess > 0 ? .bodyTooLarge(limit: 1000) : nil, status: .contentTooLarge)
  }

  @Test(arguments: [-1, 0, 1]) func `the body by its chunks`(_ excess: Int) {
    let chunk = "1f4\r\n" + String(repeating: "a", count: 500) + "\r\n"
    let last = String(500 + excess, radix: 16)
    let input = chunk + last + "\r\n" + String(repeating: "a", count: 500 + excess) + "\r\n0\r\n\r\n"
    expect(body: input, refused: excess > 0 ? .bodyTooLarge(limit: 1000) : nil)
    // Refused when it is announced, not when it came.
    if excess > 0 { expect(body: chunk + last + "\r\n", refused: .bodyTooLarge(limit: 1000)) }
  }

  @Test(arguments: [-1, 0, 1]) func `the body until close`(_ excess: Int) {
    let input = [UInt8](repeating: 0x61, count: 1000 + excess)
    for portions in [Portions.whole, .bytes, .cut(1000)] {
      let outcome = feedBody(input, portions, .untilClose, limits: limits)
      #expect(outcome.malformed == (excess > 0 ? .bodyTooLarge(limit: 1000) : nil))
    }
  }

  @Test(arguments: [-1, 0, 1]) func `one chunk extension`(_ excess: Int) {
    let input = "1;" + String(repeating: "a", count: 19 + excess) + "\r\nx\r\n0\r\n\r\n"
    expect(body: input, refused: excess > 0 ? .chunkExtensionTooLong(limit: 20) : nil)
  }

  @Test(arguments: [-1, 0, 1]) func `all chunk extensions together`(_ excess: Int) {
    let chunk = "1;" + String(repeating: "a", count: 19) + "\r\nx\r\n"
    let input = chunk + chunk + "1;" + String(repeating: "a", count: 9 + excess) + "\r\nx\r\n0\r\n\r\n"
    expect(body: input, refused: excess > 0 ? .chunkExtensionTooLong(limit: 50) : nil)
  }

  @Test(arguments: [-1, 0, 1]) func `the digits of a chunk size`(_ excess: Int) {
    let input = String(repeating: "0", count: 15 + excess) + "1\r\nx\r\n0\r\n\r\n"
    expect(body: input, refused: excess > 0 ? .chunkSizeTooLong(digits: 16) : nil)
  }

  @Test(arguments: [-1, 0, 1]) func `the digits of a length`(_ excess: Int) {
    var large = limits
    large.bodyBytes = .max
    let digits = String(repeating: "9", count: 18 + excess)
    let outcome = feedRequest(
      Array("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(digits)\r\n\r\n".utf8), limits: large)
    #expect(outcome.malformed == (excess > 0 ? .contentLengthTooLong(digits: 18) : nil))
    if excess <= 0 { #expect(outcome.facts["framing"] == "length:\(digits)") }
  }

  @Test(arguments: [-1, 0, 1]) func `the number of trailers`(_ excess: Int) {
    let input = "0\r\n" + String(repeating: "X: y\r\n", count: 5 + excess) + "\r\n"
    expect(body: input, refused: excess > 0 ? .tooManyFields(limit: 5) : nil)
  }

  @Test(arguments: [-1, 0, 1]) func `the size of all trailers`(_ excess: Int) {
    let line = "X: " + String(repeating: "y", count: 97) + "\r\n"
    let last = "Z: " + String(repeating: "y", count: 400 - 3 * 102 - 5 + excess) + "\r\n"
    expect(
      body: "0\r\n" + line + line + line + last + "\r\n",
      refused: excess > 0 ? .headTooLarge(limit: 400) : nil)
  }

  @Test(arguments: [-1, 0, 1]) func `interim replies count with the final head`(_ excess: Int) {
    let interim = "HTTP/1.1 100 Continue\r\n\r\n"
    let final = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: "
    var input = String(repeating: interim, count: 13) + final
    input += String(repeating: "x", count: 400 + excess - input.utf8.count - 4) + "\r\n\r\n"
    for portions in [Portions.whole, .bytes] {
      let outcome = feedReply(Array(input.utf8), portions, limits: limits)
      #expect(outcome.malformed == (excess > 0 ? .headTooLarge(limit: 400) : nil), "\(outcome)")
    }
  }

  @Test func `limits that contradict each other are named`() {
    #expect(HTTPLimits.standard.contradiction == nil)
    var limits = HTTPLimits()
    limits.headBytes = limits.fieldLineBytes - 1
    #expect(limits.contradiction != nil)
    limits = HTTPLimits()
    limits.fieldCount = 0
    #expect(limits.contradiction != nil)
    limits = HTTPLimits()
    limits.bodyBytes = -1
    #expect(limits.contradiction != nil)
  }

  private func expect(_ input: String, refused: Malformed?, status: StatusCode) {
    for portions in [Portions.whole, .bytes, .cut(50), .cut(101), .cut(input.utf8.count - 1)] {
      let outcome = feedRequest(Array(input.utf8), portions, limits: limits)
      #expect(outcome.malformed == refused, "\(portions): \(outcome)")
      if refused != nil {
        #expect(outcome.malformed?.status == status)
      } else {
        #expect(!outcome.isIncomplete)
      }
    }
  }

  private func expect(body input: String, refused: Malformed?) {
    for portions in [Portions.whole, .bytes, .cut(2), .cut(input.utf8.count - 1)] {
      let outcome = feedBody(Array(input.utf8), portions, limits: limits)
      #expect(outcome.malformed == refused, "\(portions): \(outcome)")
      if refused == nil { #expect(!outcome.isIncomplete) }
    }
  }
}
