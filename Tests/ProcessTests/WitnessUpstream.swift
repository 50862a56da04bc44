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
    let renamed = Mutex<[String]>([])
    let unannounced = Mutex<[String]>([])

    init(live: String) { self.live = live }

    func has(_ id: String) -> Bool {
      // What is renamed meanwhile is found under one name or the other.
      ([live] + renamed.withLock { $0 }.reversed() + [live]).contains { file in
        let bytes = try? Data(contentsOf: URL(fileURLWithPath: file))
        return bytes?.range(of: Data("\"id\":\"\(id)\"".utf8), options: .backwards) != nil
      }
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

  /// Moves the live file away, as logrotate does; not if there is none just now.
  func rename() {
    log.renamed.withLock { names in
      let name = log.live + ".\(names.count + 1)"
      // Named before it is there, so that no reader misses it.
      names.append(name)
      if unsafe Glibc.rename(log.live, name) != 0 { names.removeLast() }
    }
  }

  /// Renamed files and the live one, in the order in which they were written.
  var files: [String] { log.renamed.withLock { $0 } + [log.live] }

  /// That the log is sound, has each of the answers once, and each change before Consul had it.
  @discardableResult
  func expectRecorded(_ answers: [AuditedLoad.Answer], in others: [String]? = nil) throws -> ChainedLog {
    let files = others ?? files
    let log = try ChainedLog(files)
    #expect(log.faults.isEmpty, "\(log.faults.prefix(5))")
    // 503 says that there is no record, or none in time.
    for answer in answers where answer.status != 503 {
      #expect(log.outcomes[answer.id]?.map(\.status) == ["\(answer.status)"], "\(answer)")
    }
    #expect(self.log.unannounced.withLock { $0 } == [])
    for change in upstream.requests where change.method != "GET" {
      #expect(log.intents.contains(change["x-request-id"] ?? ""), "no intent of \(change.text.prefix(200))")
    }
    let verified = try GateProcess.run(["audit", "verify"] + files)
    #expect(verified.status == 0, "\(verified.output)")
    return log
  }
}
