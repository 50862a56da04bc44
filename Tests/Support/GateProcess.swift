// The real binary, serving on its own port, with its logs at hand.

package import Foundation
package import TLS

package struct GateFailedToStart: Error, CustomStringConvertible {
  package let description: String
}

/// `peergate serve` in a scratch folder. Ends with the test.
package final class GateProcess: @unchecked Sendable {
  // Unchecked: Process is used from the test's own task alone, the log through its file.
  package let port: UInt16
  package let folder: ScratchFolder
  package let pki: TestPKI
  package let auditPath: String
  package let process: Process
  private let logPath: String

  /// - Parameters:
  ///   - upstream: the body of the block, or an address.
  ///   - listener: more for the `tls` block.
  ///   - more: further top-level blocks, such as `limits { … }`.
  ///   - policies: a policy file's text; nil for the repository's samples.
  ///   - audit: the body of the audit block, where a path is not enough.
  ///   - auditMore: more for the audit block.
  ///   - fileBytes: how long a file may become that the process writes.
  ///   - openFiles: how many descriptors it may have.
  ///   - wrapper: a command that is to start it.
  ///   - standardOutput: a file or named pipe for it, which goes into the log otherwise.
  ///   - faults: what strace is to inject into system calls on the audit file and its successor: `write:error=EIO:when=3+2`.
  package init(
    upstream: String, policies: String? = nil, address: String = "127.0.0.1:0", listener: String = "",
    more: String = "", auditPath: String? = nil, audit: String? = nil, auditMore: String = "",
    workers: Int = 2,
    fileBytes: Int? = nil, openFiles: Int? = nil, faults: [String] = [], under wrapper: [String] = [],
    standardOutput: String? = nil,
    pki: TestPKI? = nil
  ) throws {
    folder = try ScratchFolder()
    self.pki = try pki ?? TestPKI()
    self.auditPath = auditPath ?? folder.path + "/audit.jsonl"
    var policyFolder = Self.repository.appending(path: "policies").path
    if let policies {
      policyFolder = folder.path + "/policies"
      try FileManager.default.createDirectory(atPath: policyFolder, withIntermediateDirectories: false)
      try folder.write("policies/test.hcl", policies)
    }
    let block = upstream.contains("=") ? upstream : "address = \"\(upstream)\""
    let config = try folder.write(
      "peergate.hcl",
      """
      listener {
        address = "\(address)"
        tls { cert_file = "\(self.pki.serverCertificateFile)"
              key_file = "\(self.pki.serverKeyFile)"
              \(listener) }
      }
      upstream { \(block) }
      policies = "\(policyFolder)"
      audit { \(audit ?? "path = \"\(self.auditPath)\"")
              \(auditMore) }
      workers = \(workers)
      \(more)
      """)
    logPath = folder.path + "/log"
    process = try Self.start(
      ["serve", "--config", config], log: logPath, fileBytes: fileBytes, openFiles: openFiles,
      under: wrapper + Tracer.command(injecting: faults, intoCallsOn: self.auditPath),
      standardOutput: standardOutput)
    port = try Self.awaitPort(process, logPath, after: /address=\S*:([0-9]+)/)
  }

  /// For `auditMore`: every refusal has a line, however many there are.
  package static let everyRefusal = "repeated_refusals = \"full\""

  deinit {
    if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
  }

  package var log: String { (try? String(contentsOfFile: logPath, encoding: .utf8)) ?? "" }

  package func audit() throws -> [AuditLine] { try AuditLog.lines(auditPath) }

  package func connect(identity: Identity? = nil) throws -> RawClient {
    try RawClient(port: port, context: pki.clientContext(identity: identity))
  }

  /// One request on its own connection.
  package func request(_ text: String) throws -> RawReply { try connect().request(text) }

  /// Sends SIGTERM and waits for the end.
  @discardableResult
  package func stop() -> Int32 {
    process.terminate()
    process.waitUntilExit()
    return process.terminationStatus
  }

  package var isRunning: Bool { process.isRunning }

  package func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  /// Returns when the log holds `text`; false if it does not within the time `eventually` takes.
  package func hasLogged(_ text: String) -> Bool { eventually { log.contains(text) } }

  /// Open descriptors of the process.
  package var descriptors: Int {
    (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process.processIdentifier)/fd").count)
      ?? -1
  }

  /// Memory of the process that is in use, in kilobytes.
  package var residentKilobytes: Int {
    let status = try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
    let line = status?.split(separator: "\n").first { $0.hasPrefix("VmRSS:") }
    return line?.split(separator: " ").compactMap { Int($0) }.first ?? -1
  }

  // MARK: The binary

  package static let repository = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// Beside the test bundle, whichever build folder that is in.
  package static var binary: URL {
    let bundle = CommandLine.arguments.first { $0.hasSuffix(".xctest") } ?? ""
    let beside = URL(fileURLWithPath: bundle).deletingLastPathComponent().appending(path: "peergate")
    if FileManager.default.isExecutableFile(atPath: beside.path) { return beside }
    return repository.appending(path: ".build/debug/peergate")
  }

  /// - Parameter wrapper: a command that is to start it, with its own arguments.
  package static func start(
    _ arguments: [String], log: String, in folder: String? = nil, fileBytes: Int? = nil,
    openFiles: Int? = nil, under wrapper: [String] = [],
    standardOutput: String? = nil
  ) throws -> Process {
    let process = Process()
    let command = wrapper + [binary.path] + arguments
    process.executableURL = URL(fileURLWithPath: command[0])
    process.arguments = Array(command.dropFirst())
    var limits: [String] = []
    // The shell counts in blocks of 512 bytes. A write beyond is an error and not a signal, as on a full disk.
    if let fileBytes { limits += ["trap '' XFSZ", "ulimit -S -f \(fileBytes / 512)"] }
    if let openFiles { limits.append("ulimit -n \(openFiles)") }
    if !limits.isEmpty {
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      let script = (limits + ["exec \"$0\" \"$@\""]).joined(separator: "; ")
      process.arguments = ["-c", script] + command
    }
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    _ = FileManager.default.createFile(atPath: log, contents: nil)
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
    process.standardOutput =
      try standardOutput.map { try FileHandle(forWritingTo: URL(fileURLWithPath: $0)) } ?? file
    process.standardError = file
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// Runs to its end; what it printed, both streams together.
  package static func run(_ arguments: [String], in folder: String? = nil) throws -> (
    status: Int32, output: String
  ) {
    let scratch = try ScratchFolder()
    let log = scratch.path + "/output"
    let process = try start(arguments, log: log, in: folder)
    process.waitUntilExit()
    return (process.terminationStatus, try String(contentsOfFile: log, encoding: .utf8))
  }

  /// The port that a process names in its log once it serves.
  static func awaitPort(
    _ process: Process, _ logPath: String, after words: Regex<(Substring, Substring)>
  ) throws -> UInt16 {
    let end = Date().addingTimeInterval(30)
    while Date() < end {
      let log = (try? String(contentsOfFile: logPath, encoding: .utf8)) ?? ""
      if let found = log.firstMatch(of: words), let port = UInt16(found.1) {
        return port
      }
      guard process.isRunning else { throw GateFailedToStart(description: log) }
      usleep(5_000)
    }
    throw GateFailedToStart(description: "no word of an address after 30 s")
  }
}

/// Looks again until it holds; for what another process does in its own time. False after `seconds`.
package func eventually(within seconds: Double = 10, _ condition: () throws -> Bool) rethrows -> Bool {
  let end = Date().addingTimeInterval(seconds)
  while Date() < end {
    if try condition() { return true }
    usleep(5_000)
  }
  return try condition()
}
