// What every command says of itself.

import Foundation
import Support
import Testing

@Suite struct HelpTests {
  private func help(_ command: [String]) throws -> String {
    let result = try GateProcess.run(command + ["--help"])
    #expect(result.status == 0)
    return result.output
  }

  /// The words that begin the lines of a section, at the section's own indentation.
  private func words(_ section: String, of help: String) -> [String] {
    guard let start = help.firstRange(of: "\n\(section):\n")?.upperBound else { return [] }
    let lines = help[start...].split(separator: "\n", omittingEmptySubsequences: false).prefix { !$0.isEmpty }
    return lines.filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
      .compactMap { $0.split(separator: " ").first.map(String.init) }
  }

  /// Every command with its subcommands, found by what the help tells.
  private func commands(under command: [String] = []) throws -> [[String]] {
    let subcommands = words("SUBCOMMANDS", of: try help(command))
    return try [command] + subcommands.flatMap { try commands(under: command + [$0]) }
  }

  @Test func `every option that a command takes is explained`() throws {
    let commands = try commands()
    for expected in [["dev"], ["serve"], ["check"], ["token", "new"], ["audit", "verify"], ["consul"]] {
      #expect(commands.contains(expected))
    }
    for command in commands {
      let help = try help(command)
      #expect(help.hasPrefix("OVERVIEW: "), "\(command)")
      let usage = help[(help.firstRange(of: "USAGE: ")?.lowerBound ?? help.endIndex)...].prefix { $0 != "\n" }
      let explained = help[(help.firstRange(of: "\nOPTIONS:")?.lowerBound ?? help.startIndex)...]
      for option in usage.matches(of: #/--[a-z-]+/#).map({ String($0.0) }) {
        // The option, what it takes, its opposite, and then words, perhaps on the next line.
        let entry = explained.firstMatch(
          of: try Regex("\\n  ([^\\n]*[ /])?\(option)( <[a-z-]+>)?(/--[a-z-]+)?[ \\n]+[^- \\n]"))
        #expect(entry != nil, "peergate \(command.joined(separator: " ")) does not explain \(option)")
      }
    }
  }

  @Test func `the options of the issue are there`() throws {
    for (command, options) in [
      (["dev"], ["--port", "--upstream", "--policies", "--certs", "--state"]),
      (["serve"], ["--config", "--check"]),
      (["consul"], ["--port", "--datacenter", "--token"]),
      (["token", "new"], ["--name", "--policy", "--not-after"]),
    ] {
      let help = try help(command)
      for option in options { #expect(help.contains("\n  \(option) "), "\(command) \(option)") }
    }
  }

  @Test func `serve's help holds a configuration that works`() throws {
    let help = try help(["serve"])
    let start = try #require(help.firstRange(of: "\n  listener {")).lowerBound
    let end = try #require(help.firstRange(of: "audit.jsonl\" }")).upperBound
    let folder = try ScratchFolder()
    let pki = try TestPKI()
    try FileManager.default.copyItem(atPath: pki.serverCertificateFile, toPath: folder.path + "/server.pem")
    try FileManager.default.copyItem(atPath: pki.serverKeyFile, toPath: folder.path + "/server.key")
    try FileManager.default.copyItem(
      atPath: GateProcess.repository.appending(path: "policies").path, toPath: folder.path + "/policies")
    // Only the log's folder is the operator's to make.
    let text = help[start..<end].replacing("/var/log/peergate/", with: folder.path + "/")
    let file = try folder.write("peergate.hcl", text + "\n")
    let result = try GateProcess.run(["serve", "--check", "--config", file])
    #expect(result.status == 0, "\(result.output)")
  }

  @Test func `an unknown command or option is a mistake and not silence`() throws {
    for arguments in [["sreve"], ["serve", "--confg", "x"], ["dev", "extra"]] {
      let result = try GateProcess.run(arguments)
      #expect(result.status != 0)
      #expect(
        result.output.contains(arguments.last ?? "") || result.output.contains("confg"), "\(result.output)")
    }
    #expect(try GateProcess.run(["version"]).output.hasPrefix("peergate "))
  }
}
