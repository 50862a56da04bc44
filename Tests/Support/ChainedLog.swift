// The files of one log, checked line by line with nothing of the writer's: grammar, numbers, links, torn lines.

internal import Foundation

package struct ChainedLog: Sendable {
  /// The statuses of a request's `OperationComplete` lines: one, if all is well.
  package private(set) var outcomes: [String: [String]] = [:]
  /// Requests with an `OperationStart` line.
  package private(set) var intents: Set<String> = []
  /// How often each kind of line stands in the log.
  package private(set) var kinds: [String: Int] = [:]
  /// Lines that `audit-gap` records give as lost.
  package private(set) var lost = 0
  /// What is wrong, each with its place; empty when the log is sound.
  package private(set) var faults: [String] = []

  private var last = 0
  private var link = String(repeating: "0", count: 64)
  private var tornBytes = 0

  /// In the order in which they were written.
  package init(_ files: [String]) throws {
    for file in files {
      let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
      for (index, line) in bytes.split(separator: 10, omittingEmptySubsequences: true).enumerated() {
        add(line, at: "\(file):\(index + 1)")
      }
    }
    if tornBytes > 0 { faults.append("the log ends in an unfinished line") }
  }

  private mutating func add(_ line: ArraySlice<UInt8>, at place: String) {
    guard let object = (try? JSONSerialization.jsonObject(with: Data(line))) as? [String: Any],
      let kind = object["event_type"] as? String, let payload = object["payload"] as? [String: Any]
    else {
      // Part of a line that could not be finished; a record must own up to it.
      tornBytes += line.count
      return
    }
    if tornBytes != payload["torn_bytes"] as? Int ?? 0 {
      faults.append("\(place): \(tornBytes) torn bytes, declared \(payload["torn_bytes"] ?? "none")")
    }
    tornBytes = 0
    if object["seq"] as? Int != last + 1 { faults.append("\(place): number after \(last)") }
    if object["previous"] as? String != link { faults.append("\(place): link") }
    last = object["seq"] as? Int ?? 0
    link = PlainSHA256.link(behind: Array(line), after: link)
    kinds[kind, default: 0] += 1
    if kind == "audit-gap" { lost += payload["lost"] as? Int ?? 0 }
    guard kind == "audit", let id = payload["id"] as? String else { return }
    if payload["stage"] as? String == "OperationStart" {
      if !intents.insert(id).inserted { faults.append("\(place): second intent of \(id)") }
    } else {
      let status = (payload["response"] as? [String: Any])?["status"] as? String ?? "none"
      outcomes[id, default: []].append(status)
    }
  }
}
