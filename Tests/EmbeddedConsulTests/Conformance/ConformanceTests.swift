// Every recorded exchange with a real Consul, replayed in order with the state carried over.

import Bytes
import Foundation
import Testing

@testable import EmbeddedConsul

@Suite struct ConformanceTests {
  @Test func `the embedded Consul answers as the recorded one did`() throws {
    let recordings = ReplayScript.ordered(try Recording.all())
    var replay = Replay(recordings)
    var tally = Quorum()
    for recording in recordings {
      if let reason = OutOfScope.reason(recording) {
        tally.skipped[reason, default: 0] += 1
        continue
      }
      guard let reply = replay.send(recording) else {
        Issue.record("\(recording.name): no reply")
        continue
      }
      guard let recorded = recording.response else {
        tally.forStateOnly += 1
        continue
      }
      let isHead = recording.request.method == "HEAD"
      let differences = Comparison.differences(
        recorded, reply, isHead: isHead, countsIndexes: ReplayScript.countsIndexes(recording))
      if let deviation = Deviation.of(recording) {
        tally.deviating[deviation.reason, default: 0] += 1
        if !deviation.holds(recorded, reply) {
          Issue.record(
            "\(recording.name): \(deviation.reason), but \(reply.status) \(reply.text.prefix(300))")
        }
      } else if differences.isEmpty {
        tally.matched += 1
      } else {
        Issue.record("\(recording.name): \(differences.joined(separator: "\n  "))")
      }
    }
    print(tally.description)
    #expect(tally.matched > 450)
  }

  @Test func `the copy of the recordings says the same as the recorder's folder`() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let copies = try Recording.groups.flatMap { try Recording.copy(folder, $0) }
    let all = try Recording.all()
    #expect(copies.map(\.name) == all.map(\.name))
    for (copy, original) in zip(copies, all) {
      #expect(copy.request.target == original.request.target, "\(original.name)")
      #expect(copy.request.body == original.request.body, "\(original.name)")
      #expect(copy.response?.status == original.response?.status, "\(original.name)")
      #expect(copy.response?.body == original.response?.body, "\(original.name)")
    }
  }

  private struct Quorum {
    var matched = 0
    var forStateOnly = 0
    var deviating: [String: Int] = [:]
    var skipped: [String: Int] = [:]

    var description: String {
      let different = deviating.values.reduce(0, +)
      let compared = matched + different
      var text = "conformance: \(compared + forStateOnly) replayed (\(forStateOnly) for their effect only), "
      text += "\(matched) matched, \(different) deliberately different, "
      text += "\(skipped.values.reduce(0, +)) out of scope"
      for (reason, count) in deviating.sorted(by: { $0.key < $1.key }) {
        text += "\n  different \(count): \(reason)"
      }
      for (reason, count) in skipped.sorted(by: { $0.key < $1.key }) {
        text += "\n  out of scope \(count): \(reason)"
      }
      return text
    }
  }
}
