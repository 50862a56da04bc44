// Certificate, key, CA and CRL files that are replaced while the gate runs.

import Foundation
import Support
import TLS
import Testing

@Suite struct CredentialWatchTests {
  private let upstream: RecordingUpstream
  private let pki: TestPKI
  private let folder: ScratchFolder

  init() throws {
    upstream = try RecordingUpstream { _ in .json("[]") }
    pki = try TestPKI()
    folder = try ScratchFolder()
    try folder.write("ca.pem", pki.authority.certificatePEM)
    try folder.write("crl.pem", pki.authority.revocationListPEM(of: []))
  }

  private static let read = get("/v1/peerings", token: Token.administrator)

  private func gate(_ tls: String, more: String = "certificates_watch_interval = \"100ms\"") throws
    -> GateProcess
  {
    try GateProcess(upstream: upstream.address, listener: tls, more: more, pki: pki)
  }

  private func isServed(_ gate: GateProcess, as identity: Identity?) -> Bool {
    (try? gate.connect(identity: identity).request(Self.read))?.status == 200
  }

  private func rename(_ text: String, to name: String) throws {
    let new = try folder.write("new", text)
    #expect(unsafe Glibc.rename(new, "\(folder.path)/\(name)") == 0)
  }

  @Test func `a CRL that is renamed into place is read`() throws {
    let gate = try gate("ca_file = \"\(folder.path)/ca.pem\"  crl_file = [\"\(folder.path)/crl.pem\"]")
    let bad = try pki.client("bad")
    #expect(isServed(gate, as: bad))
    try rename(pki.authority.revocationListPEM(of: [bad]), to: "crl.pem")
    #expect(eventually { !isServed(gate, as: bad) })
  }

  @Test func `a CA file that is rewritten is read`() throws {
    let gate = try gate("ca_file = \"\(folder.path)/ca.pem\"  verify_incoming = true")
    let other = try TestPKI().authority
    let identity = try other.issueClient(commonName: "other")
    #expect(!isServed(gate, as: identity))
    try folder.write("ca.pem", other.certificatePEM)
    #expect(eventually { isServed(gate, as: identity) })
    #expect(!isServed(gate, as: try pki.client("a")))
  }

  /// As Kubernetes does it, and certbot: the names stay, and a link is turned.
  @Test func `a certificate and its key that a link leads to are read when it is turned`() throws {
    let new = try pki.authority.issueServer(commonName: "new", names: [.dns("localhost")])
    for (name, identity) in [("one", pki.server), ("two", new)] {
      try FileManager.default.createDirectory(
        atPath: "\(folder.path)/\(name)", withIntermediateDirectories: false)
      try folder.write("\(name)/tls.pem", identity.certificatePEM + identity.privateKeyPEM)
    }
    #expect(unsafe symlink("one", "\(folder.path)/data") == 0)
    let config = try folder.write(
      "gate.hcl",
      """
      listener { address = "127.0.0.1:0"
        tls { cert_file = "data/tls.pem"  key_file = "data/tls.pem" } }
      upstream { address = "\(upstream.address)" }
      policies = "\(GateProcess.repository.appending(path: "policies").path)"
      audit { path = "\(folder.path)/audit.jsonl" }
      certificates_watch_interval = "100ms"
      workers = 1
      """)
    let log = folder.path + "/log"
    let process = try GateProcess.start(["serve", "--config", config], log: log)
    defer {
      process.terminate()
      process.waitUntilExit()
    }
    let text = { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }
    #expect(eventually { text().contains(" serving") })
    #expect(unsafe symlink("two", "\(folder.path)/turned") == 0)
    #expect(unsafe Glibc.rename("\(folder.path)/turned", "\(folder.path)/data") == 0)
    #expect(eventually { text().contains("peergate: reloaded") }, "\(text())")
  }

  @Test func `a file that is not valid is refused once, and the next is read`() throws {
    let gate = try gate("ca_file = \"\(folder.path)/ca.pem\"  verify_incoming = true")
    try folder.write("ca.pem", "nothing")
    #expect(gate.hasLogged("nothing was reloaded"))
    #expect(isServed(gate, as: try pki.client("a")))
    try folder.write("ca.pem", pki.authority.certificatePEM + "\n")
    #expect(gate.hasLogged("peergate: reloaded"))
    #expect(gate.log.components(separatedBy: "nothing was reloaded").count == 2)
    gate.stop()
    for kind in ["gate-reload-refused", "gate-reload"] {
      let causes = try AuditLog.events(kind, in: gate.auditPath).map { $0["cause"] as? String }
      #expect(Set(causes) == ["watch"], "\(kind): \(causes)")
    }
  }

  /// Nothing about the file changes when its time comes.
  @Test func `a CRL that is not valid yet is tried again until it is`() throws {
    let gate = try gate("ca_file = \"\(folder.path)/ca.pem\"  crl_file = \"\(folder.path)/crl.pem\"")
    let bad = try pki.client("bad")
    let early = Validity(fromSeconds: 4, untilSeconds: 3_600)
    try rename(pki.authority.revocationListPEM(of: [bad], validity: early), to: "crl.pem")
    #expect(gate.hasLogged("is not valid yet"))
    #expect(eventually { !isServed(gate, as: bad) })
    #expect(gate.log.components(separatedBy: "nothing was reloaded").count == 2)
  }

  /// The certificates alone are watched; the policies are mended without their being looked at.
  @Test func `a revocation that came with a fault elsewhere is read when that is mended`() throws {
    let policies = "policy \"p\" { peering = \"read\" }\nanonymous { policies = [\"p\"] }\n"
    let gate = try GateProcess(
      upstream: upstream.address, policies: policies,
      listener: "ca_file = \"\(folder.path)/ca.pem\"  crl_file = \"\(folder.path)/crl.pem\"",
      more: "certificates_watch_interval = \"100ms\"", pki: pki)
    let bad = try pki.client("bad")
    let isServed = { (try? gate.connect(identity: bad).request(get("/v1/peerings")))?.status == 200 }
    #expect(isServed())
    try gate.folder.write("policies/test.hcl", "policy \"p\" {")
    try rename(pki.authority.revocationListPEM(of: [bad]), to: "crl.pem")
    #expect(gate.hasLogged("nothing was reloaded"))
    #expect(isServed())
    try gate.folder.write("policies/test.hcl", policies)
    #expect(eventually { !isServed() })
  }

  @Test func `without the interval nothing is read before SIGHUP`() throws {
    let gate = try gate(
      "ca_file = \"\(folder.path)/ca.pem\"", more: "policies_watch_interval = \"100ms\"")
    let other = try TestPKI().authority
    let identity = try other.issueClient(commonName: "other")
    try folder.write("ca.pem", other.certificatePEM)
    usleep(400_000)
    #expect(!isServed(gate, as: identity))
    #expect(!gate.log.contains("peergate: reloaded"))
    gate.signal(SIGHUP)
    #expect(eventually { isServed(gate, as: identity) })
  }
}
