// benchmarks profile: where the instructions and system calls of one request go.

import ArgumentParser
import Glibc

struct ProfileCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "profile",
    abstract: "Count the instructions of one request, by layer and function, and its system calls.",
    discussion: """
      Runs the gate twice under valgrind's callgrind, with few and with many requests, and shows the difference: start \
      and handshakes are in neither. Counts are exact and the same whatever else the machine does; the kernel's part \
      is not in them, and valgrind's processor lacks the SHA instructions, so \
      that Digests looks several times as dear as it is. With strace the \
      system calls are counted in the same way.
      """)

  @Option(help: "What to ask; see compare --list.")
  var workload = "get"

  @Option(help: "Requests that are counted.")
  var requests = 2_000

  @Option(help: "Clients at once.")
  var connections = 8

  @Option(help: "How many functions to show.")
  var top = 30

  @Option(help: "The gate to profile; that of this build by default.")
  var program: String?

  @Option(help: "Keep what callgrind and strace have written in this folder.")
  var keep: String?

  func validate() throws {
    guard Workload.named(workload)?.isCounted == true else {
      throw ValidationError("--workload is one that makes requests, as compare --list names them")
    }
    guard (100...100_000).contains(requests), (1...64).contains(connections), (0...500).contains(top) else {
      throw ValidationError("--requests is 100 to 100000, --connections 1 to 64, --top 0 to 500")
    }
  }

  func run() throws {
    guard let workload = Workload.named(workload) else { return }
    let path = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? ""
    Children.endOnSignal()
    OpenFiles.raise()
    defer { Children.end() }
    let scratch = try ScratchFolder(kept: keep)
    let gate = Peergate(program: try program ?? PeerSearch.ownGate)
    let session = ProfileSession(
      workload: workload, gate: gate, scratch: scratch, connections: connections, requests: requests)
    Console.show("\(workload.name): \(workload.title); \(connections) connections")
    if let valgrind = Programs.find("valgrind", path: path) {
      let difference = try session.instructions(valgrind)
      let functions = FunctionTable(difference, requests: session.counted, count: top)
      Console.show("\nInstructions of one request, the kernel's not counted")
      Console.show(LayerTable(difference, requests: session.counted).text)
      Console.show("\n" + functions.text(readable: session.readable(functions.names, path: path)))
    } else {
      Console.show("valgrind was not found: no instructions are counted (apt-get install valgrind)")
    }
    if let strace = Programs.find("strace", path: path) {
      Console.show("\nSystem calls of one request")
      Console.show(try session.systemCalls(strace).text(requests: session.counted))
    } else {
      Console.show("strace was not found: no system calls are counted (apt-get install strace)")
    }
  }
}
