// What is noted of a log elsewhere, and what it shows later.
import Bytes
import Digests
import Foundation
import Testing

@testable import Audit

struct AnchorTests {
  private let scratch: Scratch
  private let key: AuditKey
  private var path: String { scratch.path("audit.log") }

  init() throws {
    scratch = try Scratch()
    key = try AuditKey(SigningKey.generate())
  }

  private func write(
    _ count: Int, gate: String = "edge-1", anchors: [AnchorSettings] = [],
    notify: @escaping @Sendable (JournalNotice) -> Void = { _ in }
  ) throws {
    var settings = JournalSettings(path: path)
    settings.key = key
    settings.gate = try #require(GateName(ByteString(gate)))
    settings.sinks[0].anchors = anchors
    settings.notify = notify
    let journal = try Journal.open(settings)
    let fates = Fates()
    for index in 0..<count {
      try journal.submit(sampleBatch("\(index)"), completion: fates.completion)
      _ = try #require(fates.wait(for: index + 1))
    }
    #expect(journal.close(withinMilliseconds: patience) == 0)
  }

  private func verify(_ anchors: Anchors) throws -> VerificationReport {
    var options = VerificationOptions()
    options.publicKeys = [key.publicKey]
    options.anchors = anchors
    return try LogVerification.verify([path], options)
  }

  private func link(_ number: Int) throws -> SHA256Digest {
    try AuditTests.link(behind: scratch.lines(of: "audit.log")[number - 1])
  }

  @Test func `anchors find what the files alone cannot show`() throws {
    try write(5)
    let (link, other) = (try link(5), try link(4))
    let report = try verify(Anchors([(nil, 5, link)]))
    #expect(report.isSound && report.anchorsFound == 1 && report.lastAnchor == 5)
    let place = LogPlace(file: 0, line: 5)
    #expect(try verify(Anchors([(nil, 5, other)])).findings == [.notAnchored(place, sequence: 5)])
    let lines = try scratch.lines(of: "audit.log")
    try (lines[..<4].joined(separator: "\n") + "\n").write(toFile: path, atomically: true, encoding: .utf8)
    #expect(try verify(Anchors()).isSound)
    #expect(
      try verify(Anchors([(nil, 5, link)])).findings == [.endMissing(lastSequence: 4, anchor: 5)])
  }

  @Test func `an anchor of another gate accuses nobody, and is counted`() throws {
    try write(5)
    let (right, wrong) = (try link(5), try link(4))
    let mixed = try verify(Anchors([("edge-1", 5, right), ("edge-2", 5, wrong), ("edge-2", 900, wrong)]))
    #expect(mixed.isSound && mixed.anchorsFound == 1)
    #expect(mixed.anchorsOfOthers == 2 && mixed.otherGates == ["edge-2"])
    let others = try verify(Anchors([("edge-2", 5, wrong)]))
    #expect(others.isSound && others.anchorsFound == 0 && others.anchorsOfOthers == 1)
    let own = try verify(Anchors([("edge-1", 5, wrong), ("edge-2", 5, wrong)]))
    #expect(own.findings == [.notAnchored(LogPlace(file: 0, line: 5), sequence: 5)])
    #expect(try verify(Anchors([("edge-1", 900, wrong)])).findings.count == 1)
  }

  @Test func `a gate that was renamed has anchors under both names`() throws {
    try write(3)
    let first = try link(4)
    try write(3, gate: "edge-9")
    let second = try link(9)
    #expect(try verify(Anchors([("edge-1", 4, first), ("edge-9", 9, second)])).anchorsFound == 2)
    #expect(try !verify(Anchors([("edge-1", 4, second), ("edge-9", 9, second)])).isSound)
  }

  @Test func `a name that the log no longer says does not hide an anchor that fits`() throws {
    try write(5)
    // The name was taken out of the log, all of which was written anew but for what the first anchor shows.
    let (second, third) = (try link(2), try link(3))
    let report = try verify(Anchors([("old-name", 2, second), ("old-name", 4, third)]))
    #expect(report.findings == [.notAnchored(LogPlace(file: 0, line: 4), sequence: 4)])
  }

  @Test func `two anchors of one number cannot both hold, whichever was noted first`() throws {
    try write(5)
    let (right, wrong) = (try link(5), try link(4))
    #expect(try !verify(Anchors([("edge-1", 5, right), ("edge-1", 5, wrong)])).isSound)
    #expect(try !verify(Anchors([("edge-1", 5, wrong), ("edge-1", 5, right)])).isSound)
    let twice = Anchors([("edge-1", 5, right), ("edge-1", 5, right)])
    #expect(twice.count == 1)
    #expect(try verify(twice).anchorsFound == 1)
  }

  @Test func `a line that stands there ten thousand times fills no report`() throws {
    try write(1)
    let line = try #require(try scratch.lines(of: "audit.log").first)
    try String(repeating: line + "\n", count: 10_000).write(toFile: path, atomically: true, encoding: .utf8)
    let wrong = SHA256Digest(bytes: [UInt8](repeating: 7, count: 32).span)
    let report = try verify(Anchors([("edge-1", 1, try #require(wrong))]))
    #expect(report.findings.count <= AuditLimits.findingsTold + 1)
  }

  @Test func `the gate notes anchors by itself, at the start and at the end at least`() throws {
    let file = scratch.path("anchors")
    try write(5, anchors: [AnchorSettings(.file(file), seconds: 3_600)])
    let anchors = try AnchorFile.read(file)
    // Between both nothing was waited for: they may be one.
    #expect((1...2).contains(anchors.count) && anchors.all.last?.number == 7)
    #expect(anchors.gates == ["edge-1"] && anchors.otherLines == 0)
    #expect(try verify(anchors).anchorsFound == anchors.count)
  }

  @Test(arguments: [SOCK_STREAM, SOCK_DGRAM])
  func `a collector gets them as messages by themselves`(_ type: __socket_type) throws {
    let collector = try Collector(scratch.path("collector"), type: Int32(type.rawValue))
    if type == SOCK_DGRAM { collector.serveDatagrams() } else { collector.serve(connections: 2) }
    var header = SyslogHeader()
    header.hostName = "machine"
    try write(
      5, anchors: [AnchorSettings(.syslog(.unix(path: collector.path), header), seconds: 3_600)])
    let digits = try link(7).hexadecimal
    let messages = try #require(
      collector.wait { $0.contains { String(decoding: $0, as: UTF8.self).hasSuffix(digits) } })
    let text = String(decoding: try #require(messages.last), as: UTF8.self)
    let shape =
      #/((?<count>\d+) )?(?<message><110>1 \d{4}-\d\d-\d\dT[0-9:.]+Z machine peergate \d+ anchor - gate=edge-1 7 [0-9a-f]{64})/#
    let match = try #require(text.wholeMatch(of: shape), "\(text)")
    #expect(match.count.flatMap { Int($0) } == (type == SOCK_STREAM ? match.message.utf8.count : nil))
    let file = scratch.path("syslog")
    try (text + "\n").write(toFile: file, atomically: true, encoding: .utf8)
    #expect(try verify(try AnchorFile.read(file)).anchorsFound == 1)
  }

  @Test func `an anchor that cannot be written is told once, and stops nothing`() throws {
    let nowhere = scratch.path("nowhere/anchors")
    for destination in [
      AnchorSettings.Destination.file(nowhere), .syslog(.unix(path: nowhere), SyslogHeader()),
    ] {
      let notices = Notices()
      try write(5, anchors: [AnchorSettings(destination, seconds: 3_600)]) { notices.add($0) }
      let told = notices.all.filter { if case .anchorFailed = $0.event { true } else { false } }
      #expect(told.count == 1 && told[0].isProblem)
      #expect(try verify(Anchors()).isSound)
    }
  }

  @Test func `what could not be noted is tried again without another line`() throws {
    let folder = scratch.path("away")
    let notices = Notices()
    let gate = try #require(GateName("edge-1"))
    let writer = try AnchorWriter(.file(folder + "/anchors"), FileAccess(), gate: gate) { event in
      notices.add(JournalNotice(sink: "file", event: event))
    }
    writer.note(.beginning)
    while notices.all.isEmpty { Thread.sleep(forTimeInterval: 0.01) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    // The end is a try, too.
    writer.finish()
    #expect(try AnchorFile.read(folder + "/anchors").all.map(\.number) == [0])
  }

  @Test func `an anchor is read with whatever a collector put before it`() {
    let link = String(repeating: "ab", count: 32)
    let forms: [(String, gate: ByteString?)] = [
      ("7 \(link)", nil), ("7 \(link)\r\n", nil), ("<110>1 2026 host peergate - audit - 7 \(link)\n", nil),
      ("gate=edge-1 7 \(link)\n", "edge-1"),
      ("<110>1 2026-11-30T09:00:00.000000Z machine peergate 1 anchor - gate=a.b_c-D 7 \(link)", "a.b_c-D"),
      ("Nov 30 09:00:00 machine peergate[12]: gate=edge-1 7 \(link) \n", "edge-1"),
      ("gate=other gate=edge-1 7 \(link)", "edge-1"), ("agate=edge-1 7 \(link)", nil),
    ]
    for (text, gate) in forms {
      let bytes = Array(text.utf8)
      let found = AnchorFile.parse(bytes.span)
      #expect(found?.number == 7 && found?.link.hexadecimal == link && found?.gate == gate, "\(text)")
    }
    for text in [
      "", "7", link, " \(link)", "x7 \(link)", "7 \(link)0", "7 \(link.uppercased())", "gate= 7 \(link)",
      "gate=a/b 7 \(link)", "gate=\(String(repeating: "a", count: 65)) 7 \(link)", "gate=edge-1 \(link)",
      "{\"gate\":\"edge-1\",\"seq\":7,\"previous\":\"\(link)\"}", "12345678901234567890 \(link)",
    ] {
      let bytes = Array(text.utf8)
      let found = AnchorFile.parse(bytes.span)
      #expect(found == nil, "\(text)")
    }
  }
}
