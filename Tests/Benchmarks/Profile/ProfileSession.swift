// The gate run twice under a tool that counts, with few and with many requests.

struct ProfileSession {
  let workload: Workload
  let gate: Peergate
  let scratch: ScratchFolder
  let connections: Int
  let requests: Int

  /// Before what is counted, each connection has asked so often: buffers and tables have their sizes.
  private static let rehearsal = 25
  /// A program under valgrind is fifty times slower.
  private static let patience = 120.0

  private var each: Int { max(1, requests / connections) }
  /// How many requests the difference is made of.
  var counted: Int { each * connections }

  func instructions(_ valgrind: String) throws -> CallgrindProfile {
    let few = try callgrind(valgrind, Self.rehearsal)
    let many = try callgrind(valgrind, Self.rehearsal + each)
    return many - few
  }

  func systemCalls(_ strace: String) throws -> SystemCalls {
    let few = try trace(strace, Self.rehearsal)
    let many = try trace(strace, Self.rehearsal + each)
    return many - few
  }

  private func callgrind(_ valgrind: String, _ requests: Int) throws -> CallgrindProfile {
    let output = "\(scratch.path)/callgrind.\(requests)"
    try run(under: [valgrind, "--tool=callgrind", "--callgrind-out-file=\(output)"], requests)
    guard let text = Files.text(output) else { throw Trouble("callgrind has left no file \(output)") }
    return try CallgrindProfile(text)
  }

  private func trace(_ strace: String, _ requests: Int) throws -> SystemCalls {
    let output = "\(scratch.path)/strace.\(requests)"
    try run(under: [strace, "-f", "-c", "-o", output], requests)
    guard let text = Files.text(output) else { throw Trouble("strace has left no file \(output)") }
    return SystemCalls(summary: text)
  }

  private func run(under tool: [String], _ requests: Int) throws {
    Console.note("\(tool[0]): \(requests * connections) requests")
    let arena = try Arena(workload, setting: Arena.Setting(), scratch: scratch)
    defer { arena.stop() }
    let contestant = try arena.start(gate, under: tool, patience: Self.patience)
    _ = try arena.run(contestant, connections: connections, requests: requests)
    contestant.process.stop(patience: Self.patience)
  }

  /// Names as they stand in the source, if the toolchain's tool for that is at hand.
  func readable(_ names: [String], path: String) -> [String: String] {
    guard let swift = Programs.find("swift", path: path) else { return [:] }
    let output = "\(scratch.path)/names"
    let command =
      [swift, "demangle", "--compact", "--simplified"] + names.map { String($0.prefix { $0 != "'" }) }
    guard
      let process = try? ChildProcess(
        "swift", command, cores: Cores(0, 1), log: "\(scratch.path)/names.log", output: output),
      process.exitStatus(waiting: true) == 0
    else { return [:] }
    let lines = (Files.text(output) ?? "").split(separator: "\n").map(String.init)
    guard lines.count == names.count else { return [:] }
    return Dictionary(zip(names, lines), uniquingKeysWith: { first, _ in first })
  }
}
