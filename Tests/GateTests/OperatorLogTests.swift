// The operator's log: nobody who logs waits, and what is left out is counted.

import Logging
import Sockets
import Synchronization
import Testing

@testable import Gate

@Suite struct OperatorLogTests {
  private final class Page: Sendable {
    let lines = Mutex<[String]>([])
    let isStuck = Atomic(false)

    func write(_ line: String) {
      while isStuck.load(ordering: .acquiring) { Thread.pause(milliseconds: 1) }
      lines.withLock { $0.append(line) }
    }
  }

  private func log() throws -> (OperatorLog, Page) {
    let page = Page()
    return (try OperatorLog { page.write($0) }, page)
  }

  @Test func `the message stands before its facts, and facts with blanks are quoted`() throws {
    let (log, page) = try log()
    let logger = Logger(label: "peergate") { log.handler(label: $0, level: .info, thins: true) }
    logger.notice("serving", metadata: ["workers": "2", "address": "[::1]:8501", "reason": "a \"b\" c"])
    logger.debug("left out")
    log.finish()
    let lines = page.lines.withLock { $0 }
    #expect(lines.count == 1)
    #expect(lines[0].hasSuffix("Z notice peergate: serving address=[::1]:8501 reason=\"a 'b' c\" workers=2"))
  }

  @Test func `what somebody else wrote cannot forge a line`() throws {
    let (log, page) = try log()
    log.log(.error, "peergate", "refused", facts: [("reason", "x\n2026 notice all is well\u{202E}")])
    log.finish()
    #expect(page.lines.withLock { $0 }.allSatisfy { !$0.contains("\n") && !$0.contains("\u{202E}") })
  }

  @Test func `nobody waits for a reader who does not read, and what is dropped is counted`() throws {
    let (log, page) = try log()
    page.isStuck.store(true, ordering: .releasing)
    for number in 0..<OperatorLog.waitingLines + 500 { log.say("line \(number)") }
    page.isStuck.store(false, ordering: .releasing)
    log.finish()
    log.say("after")
    log.finish()
    let lines = page.lines.withLock { $0 }
    #expect(lines.count == OperatorLog.waitingLines + 2)
    #expect(lines.suffix(2) == ["(500 lines were dropped: nobody reads this log fast enough)", "after"])
  }

  @Test func `a problem that repeats itself has a line a second, with the number of the others`() throws {
    let (log, page) = try log()
    let start = Deadline.now
    for tenth in 0..<25 {
      log.log(
        .error, "peergate", "write \(tenth) failed", facts: [],
        at: start.advanced(by: .milliseconds(100 * tenth)))
    }
    log.log(.error, "peergate", "another problem", facts: [], at: start)
    for _ in 0..<3 { log.log(.notice, "peergate", "no problem", facts: [], at: start) }
    log.finish()
    let said = page.lines.withLock { $0 }.map { $0.drop { $0 != " " }.dropFirst() }
    #expect(
      said == [
        "error peergate: write 0 failed", "error peergate: write 10 failed repeated=9",
        "error peergate: write 20 failed repeated=9", "error peergate: another problem",
        "notice peergate: no problem", "notice peergate: no problem", "notice peergate: no problem",
      ])
  }
}
