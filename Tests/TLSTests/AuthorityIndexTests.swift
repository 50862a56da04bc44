// A file of many authorities.

import COpenSSL
import Support
import Testing

@testable import TLS

@Suite struct AuthorityIndexTests {
  private func certificates(_ count: Int) throws -> [[UInt8]] {
    try (0..<count).map { try DevelopmentAuthority(commonName: "CA \($0)").identity.chain[0] }
  }

  @Test func `rules are made of many authorities in time linear in their number`() throws {
    let few = 16
    let short = CertificateBundle(certificates: try certificates(few), warnings: [])
    let long = CertificateBundle(certificates: try certificates(few * Growth.factor), warnings: [])
    func work(_ bundle: CertificateBundle) -> () -> Void {
      { _ = try? ClientRules(.required(bundle), revocations: nil, minimumVersion: .tls12) }
    }
    #expect(Growth.ratio(work(short), work(long)) < Growth.limit)
    #expect(
      try ClientRules(.required(long), revocations: nil, minimumVersion: .tls12).authorities.count == few
        * Growth.factor)
  }

  @Test func `of several authorities of one name the one that issued is found, wherever it stands`() throws {
    let root = try DevelopmentAuthority(commonName: "same")
    let other = try DevelopmentAuthority(commonName: "same")
    let intermediate = try root.issueAuthority(commonName: "below").identity.chain[0]
    let (mine, theirs) = (root.identity.chain[0], other.identity.chain[0])
    for order in [
      [mine, theirs, intermediate], [theirs, mine, intermediate], [intermediate, theirs, mine],
    ] {
      let rules = try ClientRules(
        .required(CertificateBundle(certificates: order, warnings: [])), revocations: nil,
        minimumVersion: .tls12)
      guard let whole = Certificate.decode(intermediate), let signer = Certificate.decode(mine) else {
        Issue.record("not read back")
        return
      }
      let key = try unsafe signer.lend { try unsafe Fingerprint(keyOf: $0) }
      let found = try unsafe whole.lend { rules.authorities[try unsafe Fingerprint(ofWhole: $0)] }
      let expected = try unsafe whole.lend {
        try unsafe Fingerprint(issuer: key, serial: X509_get0_serialNumber($0))
      }
      #expect(found == expected)
    }
  }
}
