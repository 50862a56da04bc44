// Requests for the tests, made by the parser as in life.

@testable import HTTP

@testable import Peering

/// Parses a request head; field lines are separated by `\n`.
func head(_ startLine: String, _ fields: String = "", sourceLocation: Int = #line) throws -> RequestHead {
  let lines = ([startLine + " HTTP/1.1", "Host: gate"] + fields.split(separator: "\n").map(String.init))
  let bytes = Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
  var parser = RequestParser()
  guard let head = try parser.parse(bytes.span) else { throw Malformed.truncated }
  return head
}

/// Parses a whole request on one of the five resources.
func call(_ startLine: String, _ fields: String = "", body: String = "") throws -> PeeringCall {
  try PeeringCall.parse(try head(startLine, fields), body: Array(body.utf8).span)
}

/// The same, for a request that must be an operation.
func request(_ startLine: String, _ fields: String = "", body: String = "") throws -> PeeringRequest {
  guard case .operation(let request) = try call(startLine, fields, body: body) else {
    throw Refusal.notServed
  }
  return request
}

func upstream(_ request: PeeringRequest) -> String {
  "\(request.method) " + String(decoding: request.upstreamTarget().bytes, as: UTF8.self)
}

extension Span<UInt8> {
  /// Of a name in a list.
  var text: String {
    var bytes: [UInt8] = []
    for index in indices { bytes.append(self[index]) }
    return String(decoding: bytes, as: UTF8.self)
  }
}
