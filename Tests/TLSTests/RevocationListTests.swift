// What is read of a CRL, and what is said of one that is not as it should be.

import Support
import Testing

@testable import TLS

@Suite struct RevocationListTests {
  private let pki: TestPKI
  private let folder: ScratchFolder

  init() throws {
    pki = try TestPKI()
    folder = try ScratchFolder()
  }

  /// Why it is not read, or what is warned of.
  private func reason(_ text: String) throws -> String {
    let file = try folder.write("crl.pem", text)
    do throws(TLSError) {
      let list = try RevocationList.load([file], of: pki.authority.bundle, expiry: .refused)
      return list.warnings.map(\.reason).joined(separator: "; ")
    } catch {
      return error.reason
    }
  }

  /// RFC 5280, section 5.3: such an entry may be about another authority's certificate, or not revoke at all.
  @Test(arguments: [
    ("1.2.3.4", "critical,DER:0500", "its entry 1 has a critical extension unknown here"),
    ("1.2.3.4", "DER:0500", ""),
    // A certificateIssuer, whose content does not matter.
    (
      "2.5.29.29", "critical,DER:3000",
      "its entry 1 is about a certificate of another authority; give each authority's own CRL"
    ),
    (
      "2.5.29.29", "DER:3000",
      "its entry 1 is about a certificate of another authority; give each authority's own CRL"
    ),
    // The reason and the date: what they say changes nothing.
    ("2.5.29.21", "DER:0a0101", ""), ("2.5.29.21", "critical,DER:0a0101", ""),
    ("2.5.29.24", "DER:180f32303236303130313030303030305a", ""),
  ])
  func `an entry that means something else than that it is revoked spoils the list`(
    name: String, value: String, expected: String
  ) throws {
    let text = try pki.authority.revocationListPEM(
      of: [pki.client("bad")], entryExtension: (name, value))
    let said = try reason(text)
    #expect(said.hasSuffix(expected) && said.isEmpty == expected.isEmpty, "\(said)")
  }

  @Test func `a list that is signed over SHA-1 is warned of`() throws {
    #expect(
      try reason(pki.authority.revocationListPEM(of: [], isWeaklySigned: true)).contains(
        "is signed over SHA-1 or an older digest, which can be forged"))
  }

  /// A list of a hundred hours: from the last quarter on.
  @Test(arguments: [(26, nil), (24, 24), (1, 1)] as [(Int, Int?)])
  func `a list whose end is near is warned of`(left: Int, warned: Int?) throws {
    let validity = Validity(fromSeconds: (left - 100) * 3_600 + 1, untilSeconds: left * 3_600 + 1)
    let said = try reason(pki.authority.revocationListPEM(of: [], validity: validity))
    let hours = said.firstMatch(of: /expires in ([0-9]+) hours/).flatMap { Int($0.1) }
    #expect((hours != nil) == (warned != nil), "\(said)")
  }

  @Test func `lists of a year are not warned of before the last fortnight`() throws {
    for (days, isWarned) in [(15, false), (13, true)] {
      let validity = Validity(fromSeconds: (days - 365) * 86_400, untilSeconds: days * 86_400)
      let said = try reason(pki.authority.revocationListPEM(of: [], validity: validity))
      #expect(said.contains("expires in") == isWarned, "\(said)")
    }
  }
}
