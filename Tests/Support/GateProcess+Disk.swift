// A disk that fills, and has room again: a limit on the size of files stands in for the disk's.

internal import Foundation

extension GateProcess {
  /// How long a file may become that the process writes. A write beyond is cut short there.
  package func limitFiles(to bytes: Int?) throws {
    let setter = Process()
    setter.executableURL = URL(fileURLWithPath: "/usr/bin/prlimit")
    setter.arguments = [
      "--pid", "\(process.processIdentifier)", "--fsize=\(bytes.map(String.init) ?? "unlimited"):unlimited",
    ]
    try setter.run()
    setter.waitUntilExit()
    guard setter.terminationStatus == 0 else { throw GateFailedToStart(description: "prlimit failed") }
  }

  /// Leaves about so much room in the audit file; many lines' worth, if the gate writes on meanwhile.
  package func fillDisk(leaving bytes: Int) throws {
    let size = try FileManager.default.attributesOfItem(atPath: auditPath)[.size] as? Int
    try limitFiles(to: (size ?? 0) + bytes)
  }
}
