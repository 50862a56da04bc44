// Whatever stands in a log, and whatever is asked of it, costs time in proportion to its length.

import Bytes
import Foundation
import Digests
import Support
import Testing

@testable import Audit

@Suite struct LinearTimeTests {
  private static let end =
    ",\"seq\":1,\"previous\":\"\(String(repeating: "0", count: 64))\"}\n"

  /// As a member's name, as a value, in a list, and bare.
  private static func lines(_ text: String) -> [String] {
    let start = "{\"created_at\":\"2026-01-02T03:04:05.678901Z\",\"event_type\":\"audit\",\"payload\":{"
    return [
      text, "{\"\(text)\":1" + end, start + "\"reason\":\"\(text)\",\"ids\":[\"\(text)\"]}" + end,
      start + "\"\(text)\":\"\(text)\",\"request\":{\"remote_addr\":\"\(text)\"}}" + end, start + text + end,
      start + "\"tls\":{\"names\":[\(text)]}}" + end,
    ]
  }

  static let readers: [TextReader] = [
    TextReader("line as people read it") { text in
      var query = RecordQuery()
      query.subjects = [NameFilter("a*"), NameFilter(ByteString(text)), NameFilter(ByteString(text + "*"))]
      query.statuses = [StatusFilter("4xx")].compactMap { $0 }
      for line in lines(text) {
        guard let entry = try? RecordedEntry(Array(line.utf8).span) else { continue }
        var gate = GateNames()
        gate.read(entry)
        _ = query.match(entry, gate: gate)
        _ = CSVRecord.line(
          RecordColumn.allCases.map { $0.value(of: entry, gate: gate, isWithheld: false, isLocal: true) })
      }
    },
    TextReader("line as it is verified") { text in
      for line in lines(text) {
        var verifier = Verifier(VerificationOptions())
        verifier.read(Array(line.utf8).span, at: LogPlace(file: 0, line: 1))
      }
    },
    TextReader("record of the log itself") { text in
      for line in lines(text) { _ = ControlRecord(Array(line.utf8).span) }
    },
    TextReader("anchor") { _ = AnchorFile.parse(Array($0.utf8).span) },
    TextReader("name filter") { _ = NameFilter(ByteString($0)).matches(ByteString($0 + "a")) },
    TextReader("status filter") { _ = StatusFilter(ByteString($0))?.matches(ByteString($0)) },
    TextReader("column") { _ = RecordColumn(named: ByteString($0)) },
    TextReader("period") { text in
      let reader = PeriodReader(now: WallTime(microseconds: 0))
      for period in [text, "2026-01-02T03:04:05." + text, text + "..", ".." + text, "2026-01-02T03" + text] {
        _ = (reader.period(ByteString(period)), reader.start(ByteString(period)))
      }
    },
    TextReader("name of a gate") { _ = (GateName(ByteString($0)), GateName(hostName: Array($0.utf8))) },
    TextReader("comma-separated values") { _ = CSVRecord.line([ByteString($0), ByteString("=" + $0)]) },
    TextReader("name of a file") { _ = LogName.directory(of: $0) },
    TextReader("page of a report") { text in _ = ByteString(text).shown },
  ]

  @Test(arguments: readers) func `is read in linear time`(reader: TextReader) {
    #expect(reader.superlinear() == [])
  }

  @Test func `bytes become lines in linear time`() throws {
    let scratch = try Scratch()
    let path = scratch.path("lines")
    for filling in ["a", "\n", "a\n", "\u{315}\u{301}", "\r"] {
      let ratio = Growth.ratio(of: filling) { text in
        try? text.write(toFile: path, atomically: false, encoding: .utf8)
        try? LogSource.open(path).forEachLine { _, _, _ in true }
      }
      #expect(ratio < Growth.limit, "\(filling.debugDescription): \(ratio)")
    }
  }
}
