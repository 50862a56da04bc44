// PEM files: every block is read, or the file is refused with the line of the one that is not.

import Support
import Testing

@testable import TLS

@Suite struct PEMReaderTests {
  private let pem: String
  private let lines: Int

  init() throws {
    pem = try TestPKI().authority.certificatePEM
    lines = pem.split(separator: "\n").count
  }

  private func outcome(_ text: String) -> Result<Int, PEMFault> {
    do throws(PEMFault) {
      var reader = PEMReader(Array(text.utf8))
      return .success(try reader.blocks().count)
    } catch {
      return .failure(error)
    }
  }

  private func fault(behind text: String) -> PEMFault.Kind? {
    guard case .failure(let fault) = outcome(pem + text) else { return nil }
    #expect(fault.line > lines)
    return fault.kind
  }

  @Test func `what people write around blocks is let be`() {
    let texts = [
      "", "\n\n", "# Amazon Root CA 1\n", "Bag Attributes\n    friendlyName: end entity\n",
      "subject=CN = a\nissuer=C = US\n", "=====\nGlobalSign\n=====\n",
      "        Validity\n            Not Before: Jan  1 00:00:00 2024 GMT\n        Modulus:\n         00:b2:c3\n",
      "- a list item\n-- a signature of a mail\n--- a rule\n", "MII is how they begin\n",
      "é and ü\n", "the beginning of the end\n", "\t\n",
    ]
    for text in texts { #expect(outcome(text + pem + text + pem) == .success(2), "\(text)") }
  }

  @Test func `line ends of both kinds and blanks behind a line are read`() {
    #expect(outcome(pem.replacing("\n", with: "\r\n")) == .success(1))
    #expect(outcome(pem.replacing("\n", with: "  \n")) == .success(1))
    #expect(outcome(pem.replacing("\n", with: "\t\r\n")) == .success(1))
    #expect(outcome(String(pem.dropLast())) == .success(1), "without an end of the last line")
    #expect(outcome(String(pem.dropLast()) + "\r") == .success(1))
  }

  @Test(arguments: [
    " ", "\t", "  ", "#", "# ", "// ", "> ", "\u{FEFF}", "\u{A0}", ";", "-", "x", "\"", "cert: ",
  ])
  func `something before the dashes is an error`(before: String) {
    let block = before + pem
    guard case .failure(let fault) = outcome(pem + block) else {
      Issue.record("read: \(before)")
      return
    }
    #expect(fault.line == lines + 1)
    #expect([.begunLate, .misspelt].contains(fault.kind))
    // And alone.
    #expect(outcome(block) != .success(0) && outcome(block) != .success(1))
    let indented = pem.split(separator: "\n").map { before + $0 }.joined(separator: "\n")
    #expect(outcome(indented) != .success(0) && outcome(indented) != .success(1))
  }

  @Test(arguments: [
    "----BEGIN CERTIFICATE-----", "-----BEGIN CERTIFICATE----", "------BEGIN CERTIFICATE-----",
    "-----BEGIN CERTIFICATE------", "-----begin certificate-----", "-----Begin Certificate-----",
    "----- BEGIN CERTIFICATE -----", "-----BEGIN CERTIFICATE -----", "-----BEGIN  CERTIFICATE-----",
    "-----BEGINCERTIFICATE-----", "-----BEGIN_CERTIFICATE-----", "-----BEGIN CERTIFICATE",
    "BEGIN CERTIFICATE-----", "BEGIN CERTIFICATE", "--BEGIN CERTIFICATE--", "—–BEGIN CERTIFICATE–—",
    "\u{2010}\u{2010}\u{2010}\u{2010}\u{2010}BEGIN CERTIFICATE-----", "-----BEGIN CERTIFICATE-----x",
    "-----BEGIN -----", "-----BEGIN CERTIFICATE----- -----BEGIN CERTIFICATE-----", "-----END CERTIFICATE",
    "---- END CERTIFICATE ----", "-----BEGIN CERTIFICATE-----\u{A0}", "-----BEGIN\tCERTIFICATE-----",
  ])
  func `a misspelt beginning or end is an error`(line: String) {
    #expect(fault(behind: "\(line)\n") != nil)
    let body = pem.split(separator: "\n").dropFirst().joined(separator: "\n")
    #expect(fault(behind: "\(line)\n\(body)\n") != nil)
  }

  @Test func `each part of a block that lost the others is an error`() {
    let parts = pem.split(separator: "\n").map(String.init)
    #expect(fault(behind: parts.dropFirst().joined(separator: "\n")) == .strayBase64)
    #expect(fault(behind: parts.dropFirst().dropLast().joined(separator: "\n")) == .strayBase64)
    #expect(fault(behind: parts.last ?? "") == .endWithoutBegin)
    #expect(fault(behind: parts.dropLast().joined(separator: "\n")) == .noEnd)
    // A block that swallows the next.
    #expect(fault(behind: parts.dropLast().joined(separator: "\n") + "\n" + pem) == .misspelt)
    #expect(fault(behind: "-----BEGIN X-----\nAAAA\n-----END Y-----\n") == .otherEnd)
  }

  @Test func `a carriage return alone and control characters are errors`() {
    #expect(outcome(pem.replacing("\n", with: "\r")) == .failure(PEMFault(line: 1, kind: .carriageReturn)))
    #expect(fault(behind: "comment\r" + pem) == .carriageReturn)
    #expect(fault(behind: "comment\u{0B}" + pem) == .controlCharacter)
    #expect(fault(behind: "\u{0}\n") == .controlCharacter)
    #expect(fault(behind: "a\u{85}-----BEGIN X-----\n") == .begunLate)
    #expect(fault(behind: "a\u{2028}" + pem) == .begunLate)
  }

  @Test(arguments: [
    "A", "AA", "AAA", "AAAAA", "A===", "=AAA", "AA=A", "AAAA=", "AA-A", "AA_A", "AA A", "====", "é",
  ])
  func `what is not base64 is an error`(text: String) {
    #expect(fault(behind: "-----BEGIN X-----\n\(text)\n-----END X-----\n") != nil)
  }

  @Test func `a block holds what it was made of`() throws {
    for count in 1...70 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
      let blocks = try PEM.blocks(in: Array(PEM.text(label: "X", der: bytes).utf8), file: "f")
      #expect(blocks.map(\.der) == [bytes])
    }
  }
}
