// A Consul that looks for the intent of each change at the moment when the change reaches it.

import Foundation
import Support
import Synchronization
import Testing

struct WitnessUpstream {
  let upstream: RecordingUpstream
  private let log: WitnessedLog

  private final class WitnessedLog: Sendable {
    let live: String
    let renames = Atomic(0)
    let unannounced = Mutex<[String]>([])

    init(live: String) { self.live = live }

    /// The live file and those that it was before, in no order: the gate's own names and ours.
    var files: [String] {
      let url = URL(fileURLWithPath: live)
      let (folder, stem) = (
        url.deletingLastPathComponent().path, url.deletingPathExtension().lastPathComponent
      )
      let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
      return (names ?? []).filter { $0.hasPrefix(stem) }.map { folder + "/" + $0 }
    }

    /// Most are found at the end of the live file. Others may be renamed while they are looked for.
    func has(_ id: String) -> Bool {
      let words = Data("\"id\":\"\(id)\"".utf8)
      if Self.end(of: live, bytes: 65_536)?.range(of: words) != nil { return true }
      for _ in 0..<3 {
        if files.contains(where: { Self.end(of: $0, bytes: .max)?.range(of: words) != nil }) { return true }
      }
      return false
    }

    private static func end(of path: String, bytes: UInt64) -> Data? {
      guard let file = FileHandle(forReadingAtPath: path), let size = try? file.seekToEnd() else {
        return nil
      }
      try? file.seek(toOffset: size - min(size, bytes))
      return try? file.readToEnd()
    }
  }

  /// `live`: the file that the gate writes, under the name that the gate knows.
  init(live: String) throws {
    let log = WitnessedLog(live: live)
    self.log = log
    upstream = try RecordingUpstream { received in
      if received.method != "GET", let id = received["x-request-id"], !log.has(id) {
        log.unannounced.withLock { $0.append("\(received.method) \(received.target) \(id)") }
      }
      let isList = received.target.hasSuffix("peerings")
      return .json(isList ? list(["cluster-02", "hub"]) : "{\"Name\":\"hub\"}")
    }
  }

  /// Moves the live file away, as logrotate does; nothing happens if there is none just now.
  func rename() {
    let number = log.renames.add(1, ordering: .relaxed).newValue
    _ = unsafe Glibc.rename(log.live, "\(log.live).renamed-\(number)")
  }

  /// All files of the log that hold lines, in the order in which they were written.
  func files() throws -> [String] {
    try log.files.compactMap { file in
      let line = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").first
      return try line.map { (number: try #require($0.firstMatch(of: /"seq":([0-9]+),/)?.1), file: file) }
    }.sorted { Int($0.number) ?? 0 < Int($1.number) ?? 0 }.map(\.file)
  }

  /// That the log is sound, has each of the answers once, and each change before Consul had it; the last unless the
  /// log was none that could be looked into at the time.
  @discardableResult
  func expectRecorded(
    _ answers: [AuditedLoad.Answer], butWithoutWitness: Bool = false
  ) throws -> ChainedLog {
    let files = try files()
    let log = try ChainedLog(files)
    #expect(log.faults.isEmpty, "\(log.faults.prefix(5))")
    // 503 says that there is no record, or none in time.
    let unrecorded = answers.filter { answer in
      answer.status != 503 && log.outcomes[answer.id] != ["\(answer.status)"]
    }
    #expect(unrecorded.isEmpty, "\(unrecorded.count) of \(answers.count), first \(unrecorded.prefix(3))")
    #expect(butWithoutWitness || self.log.unannounced.withLock { $0 }.isEmpty)
    for change in upstream.requests where change.method != "GET" {
      #expect(log.intents.contains(change["x-request-id"] ?? ""), "no intent of \(change.text.prefix(200))")
    }
    let verified = try GateProcess.run(["audit", "verify"] + files)
    #expect(verified.status == 0, "\(verified.output)")
    return log
  }
}
