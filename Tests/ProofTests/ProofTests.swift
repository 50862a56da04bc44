// The walk cannot be forged: the compiler, asked with the modules as they are built, refuses each way around a step.
import Foundation
import Support
import Testing

/// Written as if it stood in `Gate`: of the same package, outside the modules that make proofs.
struct ProofTests {
  private static let imports = ["Consul", "HTTP", "Messages", "Peering", "Policy", "Record", "Sockets"]

  @Test func `the walk compiles`() throws {
    let (status, output) = try Self.compile([Forgery.honest])
    #expect(status == 0, "\(output)")
  }

  @Test func `no proof can be made but from the one before`() throws {
    try expectRefused(Forgery.ofAccess)
  }

  @Test func `no proof can be spent twice`() throws {
    try expectRefused(Forgery.ofOwnership)
  }

  private func expectRefused(_ forgeries: [Forgery]) throws {
    let (status, output) = try Self.compile(forgeries)
    #expect(status != 0)
    for (index, forgery) in forgeries.enumerated() {
      // What is consumed twice is told where it is named first, which is the line of the function.
      let errors = output.split(separator: "\n").filter { message in
        message.contains("error:")
          && Self.lines(of: index).contains { message.contains("forgeries.swift:\($0):") }
      }
      #expect(
        errors.contains { $0.contains(forgery.error) },
        "\(forgery.name): expected \"\(forgery.error)\", the compiler says: \(errors)")
    }
  }

  /// The lines of the function of one of several forgeries.
  private static func lines(of index: Int) -> ClosedRange<Int> {
    let first = imports.count + 1 + 3 * index
    return first...first + 1
  }

  private static func compile(_ forgeries: [Forgery]) throws -> (status: Int32, output: String) {
    let folder = try ScratchFolder()
    let text = imports.map { "import \($0)\n" }.joined() + forgeries.map(\.text).joined()
    let file = try folder.write("forgeries.swift", text)
    let repository = GateProcess.repository
    let built = GateProcess.binary.deletingLastPathComponent()
    let maps = ["CLinux", "COpenSSL"].flatMap { name in
      ["-Xcc", "-fmodule-map-file=\(repository.path)/Sources/\(name)/module.modulemap"]
    }
    let compiler = Process()
    compiler.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    compiler.arguments =
      ["swiftc", "-emit-sil", "-o", "/dev/null", "-swift-version", "6", "-parse-as-library"]
      // SwiftPM's name of a package is that of its folder.
      + ["-package-name", repository.lastPathComponent.lowercased(), "-module-name", "Forgeries"]
      + ["-I", built.appending(path: "Modules").path] + maps + [file]
    let pipe = Pipe()
    compiler.standardError = pipe
    compiler.standardOutput = pipe
    try compiler.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    compiler.waitUntilExit()
    return (compiler.terminationStatus, String(decoding: output, as: UTF8.self))
  }
}
