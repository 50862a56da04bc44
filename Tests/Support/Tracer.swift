// strace, which makes system calls of a process fail that the machine would let succeed.

internal import Foundation

package enum Tracer {
  private static let path = "/usr/bin/strace"

  /// Whether it is installed and may trace here.
  package static let works: Bool = {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = ["-D", "-f", "--seccomp-bpf", "-o", "/dev/null", "/bin/true"]
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()

  /// What stands before the command that is to be traced; nothing if nothing is to fail. The traced process has the
  /// number of the one that was started, so that signals reach it.
  static func command(injecting faults: [String], intoCallsOn file: String) -> [String] {
    guard !faults.isEmpty else { return [] }
    // Files of a folder that was opened before are named without it.
    let paths = [file, file + ".next"]
    let names = paths + paths.map { URL(fileURLWithPath: $0).lastPathComponent }
    var command = [path, "-D", "-f", "--seccomp-bpf", "-qq", "-o", "/dev/null"]
    command += names.flatMap { ["-P", $0] }
    command += ["-e", "trace=" + faults.map { $0.prefix { $0 != ":" } }.joined(separator: ",")]
    return command + faults.flatMap { ["-e", "inject=" + $0] }
  }
}
