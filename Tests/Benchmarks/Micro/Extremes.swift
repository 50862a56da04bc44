// What the greatest inputs cost in one go: while it lasts, nobody else of the worker is served.

import HTTP
import JSON
import Peering

/// A body of a client's may have 1 MiB, a reply of Consul's 64. Time grows with the length, so a quarter of that is told.
enum Extremes {
  private static let bodyBytes = 1 << 20
  private static let replyBytes = 16 << 20

  static func rows() throws -> [MicroRow] { try bodies() + lists() + replies() }

  private static func bodies() throws -> [MicroRow] {
    let texts = [
      ("an escaped key", "{\"PeerName\":\"a\",\"Meta\":{\"", #"\u0041"#, "\":\"\"}}"),
      ("an escaped name", "{\"PeerName\":\"", #"\u0041"#, "\"}"),
      ("escaped addresses", "{\"PeerName\":\"a\",\"ServerExternalAddresses\":[\"", #"\n"#, "\"]}"),
      ("a name beyond ASCII", "{\"PeerName\":\"", "é", "\"}"),
      ("unknown keys", "{\"PeerName\":\"a\"", ",\"a\":1", "}"),
      ("lines", "{\"PeerName\":\"a\"", "\n", "!}"),
      ("a long token", "{\"PeerName\":\"a\",\"PeeringToken\":\"", "QUJD", "\"}"),
    ]
    return try texts.map { name, beginning, piece, end in
      let body = filled(beginning, piece, end, to: bodyBytes)
      let path = name == "a long token" ? "establish" : "token"
      let head = try head(
        "POST /v1/peering/\(path) HTTP/1.1\r\nHost: gate\r\nContent-Length: \(body.count)\r\n\r\n")
      let time = Stopwatch.best(of: 3) { keep((try? PeeringCall.parse(head, body: body.span)) != nil) }
      return MicroRow(stage: "body of \(name)", nanoseconds: time, bytes: body.count)
    }
  }

  private static let contents = [
    ("escaped keys", "\"Name\":\"a\"", #","\u0041":1"#, ""),
    ("an escaped string", "\"Name\":\"a\",\"x\":\"", #"\n"#, "\""),
    ("a string beyond ASCII", "\"Name\":\"a\",\"x\":\"", "é", "\""),
    ("a plain string", "\"Name\":\"a\",\"x\":\"", "a", "\""),
    ("blanks", "\"Name\":\"a\"", "\t", ""),
    ("digits", "\"Name\":\"a\",\"x\":1", "0", ""),
    ("values", "\"Name\":\"a\",\"x\":[1", ",1", "]"),
    ("brackets", "\"Name\":\"a\",\"x\":[1", ",[]", "]"),
    ("lines, and a fault", "\"Name\":\"a\"", "\n", "!"),
  ]

  private static func lists() -> [MicroRow] {
    var texts = contents.map { ($0, "[{" + $1, $2, $3 + "}]") }
    texts.append(("small peerings", "[{\"Name\":\"a\"}", ",{\"Name\":\"a\"}", "]"))
    texts.append(
      ("small, unlike peerings", "[{\"Name\":\"a\"}", ",{\"Name\":\"a\",\"x\":[]},{\"Name\":\"a\"}", "]"))
    return texts.map { name, beginning, piece, end in
      let list = filled(beginning, piece, end, to: replyBytes)
      let time = Stopwatch.best(of: 2) {
        keep((try? PeeringList.filter(list) { _, _ in true })?.kept)
      }
      return MicroRow(stage: "list of \(name)", nanoseconds: time, bytes: list.count)
    }
  }

  private static func replies() throws -> [MicroRow] {
    let head = try head("GET /v1/peering/a HTTP/1.1\r\nHost: gate\r\n\r\n")
    let none: [UInt8] = []
    guard case .operation(let request) = try PeeringCall.parse(head, body: none.span) else {
      throw Trouble("the benchmark's request is none")
    }
    var rows = contents.map { name, beginning, piece, end in
      let reply = filled("{" + beginning, piece, end + "}", to: replyBytes)
      let time = Stopwatch.best(of: 2) { keep((try? PeeringResponse.check(reply.span, to: request)) != nil) }
      return MicroRow(stage: "peering of \(name)", nanoseconds: time, bytes: reply.count)
    }
    let text = filled("", "a", "", to: replyBytes)
    rows.append(
      MicroRow(
        stage: "error text",
        nanoseconds: Stopwatch.best(of: 2) { keep(PeeringResponse.carriesObjects(text.span)) },
        bytes: text.count))
    for (name, piece) in [("plain", "QUJD"), ("escaped", #"\u0041"#)] {
      let token = filled("{\"PeeringToken\":\"", piece, "\"}", to: replyBytes)
      let time = Stopwatch.best(of: 2) { keep(GeneratedToken.withBytes(in: token.span) { _ in 1 }) }
      rows.append(MicroRow(stage: "\(name) token", nanoseconds: time, bytes: token.count))
    }
    return rows
  }

  private static func head(_ text: String) throws -> RequestHead {
    var parser = RequestParser()
    guard let head = try parser.parse(text.utf8.span) else { throw Trouble("the benchmark's head is none") }
    return head
  }

  private static func filled(_ beginning: String, _ piece: String, _ end: String, to length: Int) -> [UInt8] {
    var text = Array(beginning.utf8)
    text.reserveCapacity(length)
    let piece = Array(piece.utf8)
    while text.count + piece.count + end.utf8.count <= length { text.append(contentsOf: piece) }
    return text + Array(end.utf8)
  }
}
