// What the clients of a workload ask, and the bodies that they must get.

/// A connection is one caller's, with its own token, who asks for one name after the other; with mixed callers each
/// request shows another token, so that nothing can be kept from one to the next.
struct Questions: Sendable {
  let workload: Workload
  /// How many tokens the proxy knows.
  let teams: Int
  let connections: Int

  /// How many different questions a connection has; it asks them round and round.
  var variety: Int { workload.listSize > 0 ? 1 : 16 }

  private struct Question {
    /// Whose token is shown.
    let team: Int
    /// Whose peering is asked for.
    let owner: Int
    let name: String
  }

  private func question(_ number: Int, connection: Int) -> Question {
    let place = number % variety
    if workload.listSize > 0 {
      let team = connection % min(Population.teamsOfList, teams)
      return Question(team: team, owner: team, name: "")
    }
    // Spread over all tokens, however many there are.
    let callers = workload.mixesCallers ? variety : 1
    let team =
      (connection * callers + place % callers) * max(1, teams / max(1, connections * callers)) % teams
    let owner = workload.isDenied ? (team + 1) % teams : team
    return Question(team: team, owner: owner, name: Population.peer(place, of: owner))
  }

  /// What a client sends; the fields are those of Consul's own client.
  func requests(connection: Int) -> [[UInt8]] {
    (0..<variety).map { Array(text(question($0, connection: connection)).utf8) }
  }

  private func text(_ question: Question) -> String {
    let fields =
      "Host: localhost\r\nUser-Agent: Go-http-client/1.1\r\nContent-Type: application/json\r\n"
      + "X-Consul-Token: \(Population.secret(question.team))\r\nAccept-Encoding: gzip\r\n"
    if workload.name == Workload.generate.name {
      let body = "{\"PeerName\":\"\(question.name)\"}"
      return "POST /v1/peering/token HTTP/1.1\r\n\(fields)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }
    if workload.listSize > 0 { return "GET /v1/peerings HTTP/1.1\r\n\(fields)\r\n" }
    let query = workload.kind == .waiting ? "?index=145&wait=10m" : ""
    let end = workload.kind == .requests || workload.isCrowd ? "" : "Connection: close\r\n"
    return "GET /v1/peering/\(question.name)\(query) HTTP/1.1\r\n\(fields)\(end)\r\n"
  }

  /// The body of the answer to a connection's question of that number; nil where any will do.
  func body(_ number: Int, connection: Int, abilities: Abilities) -> [UInt8]? {
    if workload.name == Workload.generate.name { return CannedConsul.tokenBody }
    let question = question(number, connection: connection)
    if workload.listSize > 0 {
      let names = (0..<workload.listSize).filter {
        !abilities.filtersLists || $0 % Population.teamsOfList == question.team
      }
      return CannedConsul.listBody(names.map(Population.listed))
    }
    return workload.isDenied && abilities.decides ? nil : CannedConsul.objectBody(question.name)
  }
}
