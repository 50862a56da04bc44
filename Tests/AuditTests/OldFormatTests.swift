// Logs of format 1: a link was the digest of the line, and a signature covered the type, number, link and time alone.
import Bytes
import Digests
import Foundation
import Testing

@testable import Audit

struct OldFormatTests {
  /// A log of today's, written as format 1 had it.
  private struct OldLog {
    let scratch: Scratch
    var lines: [String]
    let key: AuditKey
    let signing: SigningKeyText

    struct SigningKeyText { let pem: [UInt8] }

    init() throws {
      scratch = try Scratch()
      let pem = try SigningKey.generate().pem()
      signing = SigningKeyText(pem: pem)
      key = try AuditKey(SigningKey(pem: pem.span))
      var settings = JournalSettings(path: scratch.path("audit.log"))
      settings.key = key
      let journal = try Journal.open(settings)
      let fates = Fates()
      try journal.submit(sampleBatch(count: 10), completion: fates.completion)
      _ = try #require(fates.wait(for: 1))
      #expect(journal.close(withinMilliseconds: patience) == 0)
      lines = try scratch.lines(of: "audit.log")
      try rewrite()
      try write()
    }

    private mutating func rewrite() throws {
      let secret = try SigningKey(pem: signing.pem.span)
      var link = String(repeating: "0", count: 64)
      for index in lines.indices {
        var line = String(lines[index].dropLast(66)).replacing(",\"format\":2", with: "")
        line = line.replacing(/"from":\d+,/, with: "")
        let type = try eventTypes(of: [lines[index]])[0]
        let message = "peergate audit 1\n\(type)\n\(index + 1)\n\(link)\n\(line.dropFirst(15).prefix(27))\n"
        let bytes = Array(message.utf8)
        let signature = try secret.sign(bytes.span)
        let text = Base64.encode(signature.span)
        line = line.replacing(/"signature":"[^"]*"/, with: "\"signature\":\"\(text)\"")
        lines[index] = line + link + "\"}"
        link = SHA256.digest(of: lines[index] + "\n").hexadecimal
      }
    }

    func write() throws {
      try lines.map { $0 + "\n" }.joined().write(
        toFile: scratch.path("audit.log"), atomically: true, encoding: .utf8)
    }

    func verify() throws -> VerificationReport {
      var options = VerificationOptions()
      options.publicKeys = [key.publicKey]
      return try LogVerification.verify([scratch.path("audit.log")], options)
    }
  }

  @Test func `it is still verified, and what was edited is named`() throws {
    var log = try OldLog()
    let report = try log.verify()
    #expect(report.isSound && report.signedUpTo == 12, "\(report.findings)")
    #expect(report.head == SHA256.digest(of: log.lines[11] + "\n"))
    log.lines[4] = log.lines[4].replacing("\"200\"", with: "\"403\"")
    try log.write()
    let place = LogPlace(file: 0, line: 5)
    #expect(try log.verify().findings == [.edited(place...place)])
  }

  @Test(arguments: [12, 11, 2]) func `a new gate goes on in it, and one check reads both`(kept: Int) throws {
    var log = try OldLog()
    log.lines = Array(log.lines[..<kept])
    try log.write()
    var settings = JournalSettings(path: log.scratch.path("audit.log"))
    settings.key = log.key
    #expect(try Journal.open(settings).close(withinMilliseconds: patience) == 0)
    let report = try log.verify()
    #expect(report.isSound && report.lastSequence == UInt64(kept + 2), "\(report.findings)")
    let found = try payload(of: log.scratch.lines(of: "audit.log")[kept])["found"] as? [String: Any]
    #expect(found?["signed_to"] as? Int == (kept == 12 ? 12 : 1) && found?["clean"] as? Bool == (kept == 12))
  }

  @Test func `its last line alone tells its format, and a part of it the second line`() throws {
    var log = try OldLog()
    log.lines = Array(log.lines[5...])
    try log.write()
    #expect(try log.verify().isSound)
  }

  @Test func `from a signed line on it is sound, alone or not, and its link is that of format 1`() throws {
    let log = try OldLog()
    for lines in [log.lines[11...], log.lines[0...0], log.lines[5...5]] {
      var part = log
      part.lines = Array(lines)
      try part.write()
      var options = VerificationOptions()
      if lines.startIndex != 5 { options.publicKeys = [log.key.publicKey] }
      let link = SHA256.digest(of: part.lines[0] + "\n")
      options.from = UInt64(lines.startIndex + 1)
      options.expectedHead = link
      options.anchors = Anchors([(nil, UInt64(lines.startIndex + 1), link)])
      let report = try LogVerification.verify([log.scratch.path("audit.log")], options)
      #expect(report.isSound && report.anchorsFound == 1, "\(report.findings)")
    }
    try log.write()
    var options = VerificationOptions()
    (options.publicKeys, options.from) = ([log.key.publicKey], 12)
    let report = try LogVerification.verify([log.scratch.path("audit.log")], options)
    #expect(report.isSound, "\(report.findings)")
  }

  @Test func `the old signature does not do for the new format`() throws {
    var log = try OldLog()
    log.lines[0] = log.lines[0].replacing("\"process\":", with: "\"process\":1,\"format\":2,\"process\":")
    try log.write()
    #expect(try !log.verify().isSound)
    log = try OldLog()
    log.lines[0] = log.lines[0].replacing(/"process":\d+/, with: "\"process\":1,\"format\":2")
    try log.write()
    #expect(try log.verify().findings.contains(.badSignature(LogPlace(file: 0, line: 1))))
  }

  @Test(arguments: [12, 2]) func `nothing can be extracted of it, and of what a new gate wrote behind it all`(
    kept: Int
  ) throws {
    var log = try OldLog()
    log.lines = Array(log.lines[..<kept])
    try log.write()
    var settings = JournalSettings(path: log.scratch.path("audit.log"))
    settings.key = log.key
    let journal = try Journal.open(settings)
    let fates = Fates()
    try journal.submit(sampleBatch("new", count: 3), completion: fates.completion)
    _ = try #require(fates.wait(for: 1))
    #expect(journal.close(withinMilliseconds: patience) == 0)
    func extract(_ id: ByteString) throws -> LogExtraction.Result {
      var query = RecordQuery()
      query.ids = [NameFilter(id)]
      return try LogExtraction.run(
        [log.scratch.path("audit.log")], query, publicKeys: [], isConnected: true
      ) { _ in true }
    }
    let old = try extract("request-*")
    #expect(old.written == 0 && old.oldFormat == UInt64(kept == 12 ? 10 : 1) && old.unsigned == 0)
    let new = try extract("new-*")
    #expect(new.written == 3 && new.oldFormat == 0 && new.unsigned == 0)
  }
}
