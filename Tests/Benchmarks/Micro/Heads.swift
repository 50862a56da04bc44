// What reading heads and bodies costs: the client's, and Consul's.

import HTTP
import Peering

enum Heads {
  static func rows() throws -> [MicroRow] {
    let get = request(.allowedGet)
    let post = request(.generate)
    let (head, body) = try parsed(post)
    let getHead = try parsed(get).head
    let reply = CannedConsul.text("")
    let none: [UInt8] = []
    return [
      MicroRow(
        stage: "parse head, GET", nanoseconds: time { keep(try? parsed(get).head.byteCount) },
        bytes: get.count),
      MicroRow(
        stage: "parse head, Consul's reply", nanoseconds: time { keep(parsedReply(reply)) },
        bytes: reply.count),
      MicroRow(
        stage: "canonicalise GET",
        nanoseconds: time { keep((try? PeeringCall.parse(getHead, body: none.span)) != nil) }),
      MicroRow(
        stage: "canonicalise POST",
        nanoseconds: time { keep((try? PeeringCall.parse(head, body: body.span)) != nil) },
        bytes: body.count),
    ]
  }

  static func request(_ workload: Workload) -> [UInt8] {
    Questions(workload: workload, teams: Population.teams, connections: 1).requests(connection: 0)[0]
  }

  static func parsed(_ bytes: [UInt8]) throws -> (head: RequestHead, body: [UInt8]) {
    var parser = RequestParser()
    guard let head = try parser.parse(bytes.span) else {
      throw Trouble("the benchmark's request is not whole")
    }
    return (head, Array(bytes[head.byteCount...]))
  }

  private static func parsedReply(_ bytes: [UInt8]) -> Bool {
    var parser = ResponseParser(replyTo: .get)
    return (try? parser.parse(bytes.span)) != nil
  }

  private static func time(_ work: () -> Void) -> Int { Stopwatch.best(of: 20, times: 5_000, work) }
}
