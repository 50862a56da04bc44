// The walls that are the security argument: where memory is unsafe, where C is called, what is committed.

import Foundation
import Testing

@Suite struct SecurityTidyTests {
  @Test func `only the two layers named for it call OpenSSL`() {
    for file in SourceTree.sources where file.imports.contains("COpenSSL") {
      #expect(
        ["TLS", "Digests"].contains(file.layer), "\(file) imports COpenSSL: go through TLS or Digests")
    }
  }

  @Test func `the grammars and the decision hold no unsafe code`() {
    // The rooms that read what a stranger sent must be provably in bounds.
    for file in SourceTree.sources
    where ["Peering", "Policy", "HCL", "Gate", "EmbeddedConsul"].contains(file.layer) {
      // Files come from the disk through two doors.
      if ["Sources/Policy/Loading/FolderReader.swift", "Sources/Gate/Configuration/TextFile.swift"].contains(
        file.path)
      {
        continue
      }
      for (number, text) in file.code where text.split(whereSeparator: { !$0.isLetter }).contains("unsafe") {
        let isExecutor = text.contains("asUnownedSerialExecutor")
        #expect(
          isExecutor, "\(file):\(number): unsafe code belongs in Sockets, TLS, Digests or the byte scanners")
      }
    }
  }

  @Test func `the audit layer knows neither peerings nor policies`() {
    for file in SourceTree.sources where file.layer == "Audit" {
      #expect(Set(file.imports).isDisjoint(with: ["Peering", "Policy", "HTTP", "Gate"]), "\(file)")
    }
  }

  @Test func `an earlier step of the walk never names a later one`() {
    let walk: [(file: String, laterSteps: [String])] = [
      ("Sources/Messages/RequestReader.swift", ["Judge", "Journal", "Upstream", "Reply"]),
      ("Sources/Consul/Upstream.swift", ["Disclosure", "PeeringListFilter", "RecordedResponse"]),
      ("Sources/Consul/Disclosure.swift", ["RecordedResponse", "Journal", "Ledger"]),
    ]
    for (path, laterSteps) in walk {
      guard let file = SourceTree.sources.first(where: { $0.path == path }) else {
        Issue.record("\(path) is gone: mend the walk in this test and in README.md")
        continue
      }
      for (number, text) in file.code {
        let words = text.split { !($0.isLetter || $0.isNumber) }.map(String.init)
        for step in laterSteps {
          #expect(!words.contains(step), "\(path):\(number) names \(step), a later step of the walk")
        }
      }
    }
  }

  @Test func `no private key, log or state is in the repository`() throws {
    let git = Process()
    git.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    git.arguments = ["git", "-C", SourceTree.root.path, "ls-files"]
    let pipe = Pipe()
    git.standardOutput = pipe
    git.standardError = Pipe()
    try git.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    git.waitUntilExit()
    for name in String(decoding: output, as: UTF8.self).split(separator: "\n") {
      #expect(!name.hasSuffix(".pem") && !name.hasSuffix(".key") && !name.hasSuffix(".log"), "\(name)")
      let text = try? String(
        contentsOf: SourceTree.root.appendingPathComponent(String(name)), encoding: .utf8)
      // A key in a file begins a line; source code that speaks of one does not.
      let holdsKey = text?.split(separator: "\n").contains {
        $0.hasPrefix("-----BEGIN ") && $0.contains("PRIVATE KEY")
      }
      #expect(holdsKey != true, "\(name) holds a private key")
    }
  }
}
