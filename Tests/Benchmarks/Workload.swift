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

  var name: String
  let title: String
  let kind: Kind
  var listSize = 0
  var key = KeyKind.ecdsaP256
  /// The name that is asked for is not one of the caller's.
  var isDenied = false
  /// The requests of a connection are those of many callers, as behind a proxy that serves them all.
  var mixesCallers = false
  /// Nil: as many as the command says.
  var connections: Int?

  static let allowedGet = Workload(
    name: "get", title: "allowed GET of one peering by name (541 bytes)", kind: .requests)
  static let mixedGet = Workload(
    name: "get-mixed", title: "allowed GET by name, requests of 16 callers in turn on each connection",
    kind: .requests, mixesCallers: true)
  static let deniedGet = Workload(
    name: "denied", title: "denied GET of one peering by name", kind: .requests, isDenied: true)
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
    allowedGet, mixedGet, deniedGet, generate, list(10), list(1_000), list(10_000),
    Workload(
      name: "handshake-ecdsa", title: "new connection: full handshake (ECDSA P-256) and one denied GET",
      kind: .handshakes, isDenied: true),
    Workload(
      name: "handshake-rsa", title: "new connection: full handshake (RSA 2048) and one denied GET",
      kind: .handshakes, key: .rsa2048, isDenied: true),
    Workload(
      name: "resumed", title: "new connection: resumed handshake and one denied GET", kind: .resumptions,
      isDenied: true),
    idle, waiting,
  ]

  static func named(_ name: String) -> Workload? { all.first { $0.name == name } }

  /// Whether so many requests can be asked for.
  var isCounted: Bool { kind == .requests || kind == .handshakes || kind == .resumptions }

  /// Whether what is looked for is memory, of connections that stay.
  var isCrowd: Bool { kind == .idle || kind == .waiting }

  func status(_ abilities: Abilities) -> Int { isDenied && abilities.decides ? 403 : 200 }

}

/// What a proxy can do of the job.
struct Abilities: Hashable, Sendable {
  /// Sees requests at all, and refuses some.
  var decides = true
  var filtersLists = false
  /// Decides by what stands in a body.
  var readsBodies = false
}
