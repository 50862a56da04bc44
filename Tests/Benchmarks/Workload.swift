// What is measured: a kind of request, or a way to connect, with the answers that prove that the work was done.

import TLS

struct Workload: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    /// Request after request on connections that stay.
    case requests
    /// A new connection for each request, with a full handshake.
    case handshakes
    /// A new connection for each request, with the ticket of the one before.
    case resumptions
    /// Connections that stay and say nothing.
    case idle
    /// Blocking queries that are not answered.
    case waiting
  }

  let name: String
  let title: String
  let kind: Kind
  var listSize = 0
  var key = KeyKind.ecdsaP256
  /// Nil: as many as the command says.
  var connections: Int?

  static let allowedGet = Workload(
    name: "get", title: "allowed GET of one peering by name (541 bytes)", kind: .requests)
  static let deniedGet = Workload(
    name: "denied", title: "denied GET of one peering by name", kind: .requests)
  static let generate = Workload(
    name: "generate", title: "POST of a peering token, authorised by its body", kind: .requests)
  static let idle = Workload(
    name: "idle", title: "idle TLS connections", kind: .idle, connections: 10_000)
  static let waiting = Workload(
    name: "waiting", title: "waiting blocking queries", kind: .waiting, connections: 5_000)

  static func list(_ size: Int) -> Workload {
    Workload(
      name: "list-\(size)",
      title: "list of \(size) peerings (\(CannedConsul.listBytes(size) / 1_000) kB), filtered to a tenth",
      kind: .requests, listSize: size,
      // Answers of megabytes queue behind each other; more of them at once only measure the queue.
      connections: size >= 1_000 ? 4 : nil)
  }

  static let all: [Workload] = [
    allowedGet, deniedGet, generate, list(10), list(1_000), list(10_000),
    Workload(
      name: "handshake-ecdsa", title: "new connection: full handshake (ECDSA P-256) and one denied GET",
      kind: .handshakes),
    Workload(
      name: "handshake-rsa", title: "new connection: full handshake (RSA 2048) and one denied GET",
      kind: .handshakes, key: .rsa2048),
    Workload(
      name: "resumed", title: "new connection: resumed handshake and one denied GET", kind: .resumptions),
    idle, waiting,
  ]

  static func named(_ name: String) -> Workload? { all.first { $0.name == name } }

  /// Whether so many requests can be asked for.
  var isCounted: Bool { kind == .requests || kind == .handshakes || kind == .resumptions }

  /// What the client sends, one after the other and round again; the fields are those of Consul's own client.
  func requests(connection: Int) -> [[UInt8]] {
    let own = connection % Population.teams
    let persistence = kind == .handshakes || kind == .resumptions ? "Connection: close\r\n" : ""
    switch name {
    case Workload.generate.name:
      return (0..<Self.variety).map { number in
        let body = "{\"PeerName\":\"\(Population.peer(number, of: own))\"}"
        return Array(
          ("POST /v1/peering/token HTTP/1.1\r\n" + Self.fields(own)
            + "Content-Length: \(body.utf8.count)\r\n\r\n"
            + body).utf8)
      }
    case _ where listSize > 0:
      return [
        Array(("GET /v1/peerings HTTP/1.1\r\n" + Self.fields(own % Population.teamsOfList) + "\r\n").utf8)
      ]
    default:
      let team = isDenied ? (own + 1) % Population.teams : own
      let query = kind == .waiting ? "?index=145&wait=10m" : ""
      return (0..<Self.variety).map { number in
        Array(
          ("GET /v1/peering/\(Population.peer(number, of: team))\(query) HTTP/1.1\r\n" + Self.fields(own)
            + persistence + "\r\n").utf8)
      }
    }
  }

  /// The body that answers the request of that number; nil where any will do.
  func body(connection: Int, request: Int, abilities: Abilities) -> [UInt8]? {
    let own = connection % Population.teams
    if name == Workload.generate.name { return CannedConsul.tokenBody }
    if listSize > 0 {
      let names = (0..<listSize).filter {
        !abilities.filtersLists || $0 % Population.teamsOfList == own % Population.teamsOfList
      }
      return CannedConsul.listBody(names.map(Population.listed))
    }
    if isDenied {
      return abilities.decides
        ? nil
        : CannedConsul.objectBody(Population.peer(request % Self.variety, of: (own + 1) % Population.teams))
    }
    return CannedConsul.objectBody(Population.peer(request % Self.variety, of: own))
  }

  func status(_ abilities: Abilities) -> Int { isDenied && abilities.decides ? 403 : 200 }

  private var isDenied: Bool {
    name == Workload.deniedGet.name || kind == .handshakes || kind == .resumptions
  }

  /// How many names a connection asks for.
  private static let variety = 16

  private static func fields(_ team: Int) -> String {
    "Host: localhost\r\nUser-Agent: Go-http-client/1.1\r\nContent-Type: application/json\r\n"
      + "X-Consul-Token: \(Population.secret(team))\r\nAccept-Encoding: gzip\r\n"
  }
}

/// What a proxy can do of the job.
struct Abilities: Hashable, Sendable {
  /// Sees requests at all, and refuses some.
  var decides = true
  var filtersLists = false
  /// Decides by what stands in a body.
  var readsBodies = false
}
