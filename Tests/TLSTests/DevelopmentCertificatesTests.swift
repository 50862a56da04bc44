// The files of `peergate dev`: kept between runs, made anew when they no longer serve.

import Foundation
import Support
import Testing

@testable import TLS

@Suite struct DevelopmentCertificatesTests {
  private let folder: ScratchFolder
  private let names: [SubjectAlternativeName] = [.dns("localhost"), .ip("127.0.0.1"), .ip("::1")]

  init() throws { folder = try ScratchFolder() }

  private var directory: String { folder.path + "/certs/dev" }

  private func prepare(_ names: [SubjectAlternativeName]? = nil) throws -> DevelopmentCertificates {
    try DevelopmentCertificates.prepare(in: directory, names: names ?? self.names)
  }

  private func contents() throws -> [String: Data] {
    var contents: [String: Data] = [:]
    for name in try FileManager.default.contentsOfDirectory(atPath: directory) {
      contents[name] = FileManager.default.contents(atPath: "\(directory)/\(name)")
    }
    return contents
  }

  private func handshake(_ files: DevelopmentCertificates) throws {
    let server = try ServerSettings.load(certificateFile: files.certificateFile, keyFile: files.keyFile)
    let client = try ClientSettings.load(serverName: .ip("127.0.0.1"), authoritiesFile: files.authorityFile)
    #expect(server.warnings.isEmpty && client.warnings.isEmpty)
    try SessionPair(ServerContext(server, ticketKeys: TicketKeys()), ClientContext(client)).handshake()
  }

  @Test func `the first run makes four files that work, keys for the owner alone`() throws {
    let files = try prepare()
    #expect(files.isAuthorityNew)
    #expect(try Set(contents().keys) == ["ca.pem", "ca-key.pem", "server.pem", "server-key.pem"])
    for (name, mode) in [("ca-key.pem", 0o600), ("server-key.pem", 0o600), ("ca.pem", 0o644)] {
      let attributes = try FileManager.default.attributesOfItem(atPath: "\(directory)/\(name)")
      #expect(attributes[.posixPermissions] as? Int == mode, "\(name)")
    }
    try handshake(files)
  }

  @Test func `the next run changes nothing`() throws {
    _ = try prepare()
    let before = try contents()
    #expect(try !prepare().isAuthorityNew)
    #expect(try contents() == before)
  }

  @Test func `other names need a new server certificate, not a new authority`() throws {
    _ = try prepare()
    let before = try contents()
    let files = try prepare(names + [.dns("gate.example")])
    #expect(!files.isAuthorityNew)
    #expect(try contents()["ca.pem"] == before["ca.pem"])
    #expect(try contents()["server.pem"] != before["server.pem"])
    try handshake(files)
  }

  @Test(arguments: ["server.pem", "server-key.pem"])
  func `a broken or missing server file is made anew under the same authority`(name: String) throws {
    _ = try prepare()
    let before = try contents()
    for text in ["nonsense", nil] as [String?] {
      try FileManager.default.removeItem(atPath: "\(directory)/\(name)")
      if let text { try Data(text.utf8).write(to: URL(filePath: "\(directory)/\(name)")) }
      let files = try prepare()
      #expect(!files.isAuthorityNew)
      #expect(try contents()["ca.pem"] == before["ca.pem"])
      try handshake(files)
    }
  }

  @Test(arguments: ["ca.pem", "ca-key.pem"])
  func `without its authority everything is made anew`(name: String) throws {
    _ = try prepare()
    let before = try contents()
    try FileManager.default.removeItem(atPath: "\(directory)/\(name)")
    let files = try prepare()
    #expect(files.isAuthorityNew)
    #expect(try contents()["server.pem"] != before["server.pem"])
    try handshake(files)
  }

  @Test(arguments: [(86_000, true), (87_000, false)])
  func `less than a day to live is too little`(seconds: Int, isForgedAnew: Bool) throws {
    let short = Validity(fromSeconds: -60, untilSeconds: seconds)
    _ = try DevelopmentCertificates.prepare(in: directory, names: names, validity: short)
    #expect(try prepare().isAuthorityNew == isForgedAnew)
  }

  @Test func `a folder that cannot be made is named`() throws {
    let file = try folder.write("occupied", "")
    #expect(throws: TLSError.self) {
      try DevelopmentCertificates.prepare(in: file + "/dev", names: names)
    }
  }
}
