// Which proxies this machine has; nothing is installed.

import Glibc

struct PeerSearch {
  private(set) var peers: [any Peer] = []
  /// What was found, and what was not.
  private(set) var sentences: [String] = []

  static let names = ["nginx", "haproxy", "envoy", "hitch"]

  /// - Parameters:
  ///   - wanted: names of those to look for.
  ///   - programs: `name=path` of programs that are not on the path.
  init(wanted: [String], programs: [String]) throws {
    for name in wanted where !Self.names.contains(name) {
      throw Trouble("there is no proxy \(name) here: \(Self.names.joined(separator: ", "))")
    }
    var places: [String: String] = [:]
    for program in programs {
      let parts = program.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, Self.names.contains(parts[0]) || parts[0] == "peergate" else {
        throw Trouble("write --program name=path, not \(program)")
      }
      guard Files.isExecutable(parts[1]) else { throw Trouble("\(parts[1]) is not a program") }
      places[parts[0]] = parts[1]
    }
    peers.append(Peergate(program: try places["peergate"] ?? Self.ownGate))
    let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? ""
    for name in Self.names where wanted.contains(name) {
      guard let program = places[name] ?? Programs.find(name, path: path) else {
        sentences.append("\(name) was not found; its rows are left out")
        continue
      }
      if let peer = Self.peer(name, program) { peers.append(peer) }
    }
    if peers.contains(where: { $0.name == "nginx" }) {
      sentences.append("nginx's script module njs was not found: its lists pass whole")
    }
  }

  private static func peer(_ name: String, _ program: String) -> (any Peer)? {
    switch name {
    case "nginx": Nginx(program: program, scriptModule: Nginx.findScriptModule())
    case "haproxy": HAProxy(program: program)
    case "envoy": Envoy(program: program)
    case "hitch": Hitch(program: program)
    default: nil
    }
  }

  /// The gate of the same build as this program.
  static var ownGate: String {
    get throws {
      let own = try ChildProcess.ownPath
      let gate = own.split(separator: "/").dropLast().map { "/\($0)" }.joined() + "/peergate"
      guard Files.isExecutable(gate) else {
        throw Trouble(
          "\(gate) is missing: build it with swift build -c release, or say --program peergate=PATH")
      }
      return gate
    }
  }
}
