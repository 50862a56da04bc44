// Lines of a log by themselves prove that they are of it, and anyone who changes them is found out.
import Bytes
import Digests
import Foundation
import Testing

@testable import Audit

struct ExtractTests {
  private static let sound = Result { try ExtractedLog.make() }

  @Test func `each line stands as in the log, and is proven by the signature behind it`() throws {
    let log = try SignedLog()
    let whole = try log.scratch.lines(of: "audit.log")
    let (lines, result) = try log.extract(ids: ExtractedLog.wanted)
    #expect(result.written == 5 && result.unsigned == 0 && result.verification.isSound)
    let kept = lines.filter { $0.contains("\"event_type\"") }
    #expect(kept.allSatisfy(whole.contains))
    for id in ExtractedLog.wanted { #expect(kept.count { $0.contains("\"\(id)\"") } == 1, "\(id)") }
    let report = try ExtractedLog(lines: lines, key: log.key).verify()
    #expect(report.isProven && report.parts == 1, "\(report.findings)")
    // The signatures are those of the checkpoint, of the first run's end, and of the second's.
    #expect(report.here.count == 8 && report.signed == 3 && report.proofs.count == 3)
    #expect(report.here.count + report.leftOut.count == report.lastSigned)
    #expect(report.proofs.map(\.signature) == report.proofs.compactMap { $0.numbers.ranges.last?.upperBound })
    #expect(report.signers == [log.key])
  }

  @Test func `nothing of what is left out is in it but numbers and digests`() throws {
    let extract = try ExtractedLog.make(ids: ["request-500"])
    let kept = extract.lines.filter { $0.contains("\"event_type\"") }
    #expect(kept.count == 2)
    for line in extract.lines where !kept.contains(line) {
      let form =
        /\{"extract":"peergate audit log","format":1\}|\{"left_out":\{"first":\d+,"last":\d+(,"digests":"[A-Za-z0-9+\/=]+")?\}\}/
      #expect(line.wholeMatch(of: form) != nil, "\(line)")
    }
  }

  @Test func `a short one proves each part by itself, and says so`() throws {
    let whole = try Self.sound.get()
    let extract = try ExtractedLog.make(isConnected: false, ids: ["request-5", "other-3"])
    let report = try extract.verify()
    #expect(report.isProven && report.parts == 2 && report.here.count == 4, "\(report.findings)")
    #expect(report.limits.contains { $0.contains("2 parts are of one log") })
    #expect(try whole.verify().limits.allSatisfy { !$0.contains("parts") })
    #expect(extract.lines.joined().utf8.count < 60_000)
  }

  @Test(arguments: ExtractForgery.all) func `a forgery is not proven`(_ forgery: ExtractForgery) throws {
    var extract = try Self.sound.get()
    try forgery.forge(&extract)
    let report = try extract.verify()
    #expect(!report.isProven)
    for finding in report.findings { #expect(!finding.describe(file: "a").isEmpty) }
  }

  @Test func `an extract of an extract is sound as long as a signature follows`() throws {
    // Anybody may leave out more: that is what the first line of the verdict says by its numbers.
    var extract = try Self.sound.get()
    let index = try extract.index("request-500")
    extract.lines[index] = try ExtractedLog.leftOut(extract.lines[index])
    let report = try extract.verify()
    #expect(report.isProven && report.here.count == 7)
  }

  @Test func `without a key it says whose key signed, and what was not checked`() throws {
    let report = try Self.sound.get().verify(withKey: false)
    #expect(report.isProven && !report.keyWasGiven)
    #expect(report.limits.contains { $0.contains("not checked: whose key it is") })
    var edited = try Self.sound.get()
    edited.replace(try edited.index("request-500"), "\"200\"", "\"403\"")
    #expect(try !edited.verify(withKey: false).isProven)
  }

  @Test func `whatever is done to single bytes is found out, and nothing stops the check`() throws {
    let extract = try ExtractedLog.make(isConnected: false, ids: ["request-1020", "other-3"])
    let scratch = try Scratch()
    let path = scratch.path("extract")
    let sound = Array(extract.lines.map { $0 + "\n" }.joined().utf8)
    var random = SystemRandomNumberGenerator()
    for _ in 0..<2_000 {
      var bytes = sound
      for _ in 0..<Int.random(in: 1...3, using: &random) {
        // Not the very last newline: a line may lack it.
        let place = Int.random(in: 0..<bytes.count - 1, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
        default: bytes.replaceSubrange(place..<min(place + 40, bytes.count - 1), with: bytes[0..<20])
        }
      }
      if bytes == sound { continue }
      try Data(bytes).write(to: URL(fileURLWithPath: path))
      do {
        let report = try ExtractedLog.verify(path, keys: [extract.key])
        #expect(!report.isProven, "\(String(decoding: bytes, as: UTF8.self))")
      } catch {
        // Its first line is no longer that of an extract.
        #expect(error is VerificationError)
      }
    }
  }

  @Test func `what cannot be proven is left out and counted`() throws {
    let unsigned = try SignedLog(isSigned: false).extract(ids: ["request-500"])
    #expect(unsigned.lines.isEmpty && unsigned.result.written == 0 && unsigned.result.unsigned == 1)
    let none = try SignedLog().extract(ids: ["nobody"])
    #expect(none.lines.isEmpty && none.result.written == 0 && none.result.unsigned == 0)
    // The end is being written: no signature follows yet.
    let live = try SignedLog()
    var lines = try live.scratch.lines(of: "audit.log")
    lines.removeLast()
    try lines.map { $0 + "\n" }.joined().write(toFile: live.path, atomically: true, encoding: .utf8)
    let cut = try live.extract(ids: ["request-99", "other-3"])
    #expect(cut.result.written == 1 && cut.result.unsigned == 1)
    #expect(try ExtractedLog(lines: cut.lines, key: live.key).verify().isProven)
  }

  @Test func `of a log that is not sound the extraction says so`() throws {
    let log = try SignedLog()
    var lines = try log.scratch.lines(of: "audit.log")
    for change in [{ (lines: inout [String]) in lines.remove(at: 300) as Any }, { $0.swapAt(3, 900) }] {
      _ = change(&lines)
      try lines.map { $0 + "\n" }.joined().write(toFile: log.path, atomically: true, encoding: .utf8)
      #expect(try !log.extract(ids: ["*"]).result.verification.isSound)
    }
  }

  @Test func `a line that takes an answer back comes with the answer`() throws {
    let scratch = try Scratch()
    var settings = JournalSettings(path: scratch.path("audit.log"))
    settings.key = try AuditKey(SigningKey.generate())
    let journal = try Journal.open(settings)
    var (batch, encoder) = (sampleBatch(count: 20), LineEncoder())
    encoder.append(GateEvent(.withheld, facts: [("ids", .list(["request-7", "request-8"]))]), to: &batch)
    encoder.append(GateEvent(.withheld, facts: [("ids", .list(["request-9"]))]), to: &batch)
    let fates = Fates()
    try journal.submit(batch, completion: fates.completion)
    _ = try #require(fates.wait(for: 1))
    #expect(journal.close(withinMilliseconds: patience) == 0)
    var query = RecordQuery()
    query.ids = [NameFilter("request-8")]
    query.eventTypes = [NameFilter("audit")]
    var bytes: [UInt8] = []
    _ = try LogExtraction.run([scratch.path("audit.log")], query, publicKeys: [], isConnected: true) {
      bytes += $0
      return true
    }
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.contains("[\"request-7\",\"request-8\"]") && !text.contains("request-9"), "\(text)")
  }

  @Test func `a line stands for so many others, and no more`() throws {
    for (count, isRead) in [(1_023, true), (1_024, true), (1_025, false)] {
      let digests = Base64.encode([UInt8](repeating: 7, count: 32 * count).span)
      let line = "{\"left_out\":{\"first\":5,\"last\":\(count + 4),\"digests\":\"\(digests)\"}}\n"
      #expect((ExtractLine(line.utf8.span) != nil) == isRead, "\(count)")
    }
    let long = try ExtractedLog.make(ids: ["request-5", "other-7"])
    #expect(try long.verify().isProven)
    for case .leftOut(let numbers, let digests)? in long.lines.map({ ExtractLine($0.utf8.span) }) {
      #expect(digests.isEmpty || digests.count == numbers.count && digests.count <= 1_024)
    }
  }
}
