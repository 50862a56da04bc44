// A proxy that can be put to the work, and how it is made ready for it.

/// Where one proxy stands, and what it is given.
struct Site: Sendable {
  /// For its configuration, logs and whatever else it writes.
  let folder: String
  let port: UInt16
  let upstreamPort: UInt16
  /// Certificate, then key, in one file; and each in its own.
  let pemFile: String
  let certificateFile: String
  let keyFile: String
  var teams = Population.teams
  /// The longest list that Consul answers with.
  var listBytes = 0
  var workers = 1
}

/// A program to start, and the file its standard output goes to, if it needs one of its own.
struct Launch {
  var command: [String]
  var output: String?
}

protocol Peer: Sendable {
  var name: String { get }
  /// What part of the job it does not do, for the reader of the table.
  var note: String { get }
  var abilities: Abilities { get }
  /// Whether it can do that work at all.
  func takes(_ workload: Workload) -> Bool
  /// How many descriptors each of the clients' connections takes.
  func descriptorsPerConnection(_ workload: Workload) -> Int
  /// Writes the configuration.
  func prepare(_ site: Site) throws -> Launch
}

extension Peer {
  func takes(_ workload: Workload) -> Bool {
    workload.name != Workload.generate.name || abilities.readsBodies
  }

  func descriptorsPerConnection(_ workload: Workload) -> Int { workload.kind == .waiting ? 2 : 1 }
}

enum Programs {
  /// The first file of that name that can be run: on the path, or where servers are kept.
  static func find(_ name: String, path: String) -> String? {
    let folders = path.split(separator: ":").map(String.init) + ["/usr/sbin", "/usr/local/sbin", "/sbin"]
    return folders.map { "\($0)/\(name)" }.first(where: Files.isExecutable)
  }
}
