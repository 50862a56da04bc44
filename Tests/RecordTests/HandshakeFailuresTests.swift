// How many failed handshakes stand in the log, and that none is forgotten.

import Audit
import Sockets
import Testing

@testable import Record

@Suite struct HandshakeFailuresTests {
  private func suppressed(_ event: GateEvent?) -> Int? {
    for (name, fact) in event?.facts ?? [] where "\(name)" == "suppressed" {
      if case .number(let number) = fact { return number }
    }
    return nil
  }

  private func names(_ event: GateEvent?) -> [String] { (event?.facts ?? []).map { "\($0.name)" } }

  @Test func `few have a record each`() {
    var failures = HandshakeFailures()
    let now = Deadline.now
    for _ in 0..<RecordLimits.handshakeRecordBurst {
      #expect(
        names(failures.event(of: "192.0.2.1:5", reason: "no TLS", at: now)) == ["remote_addr", "reason"])
    }
    #expect(failures.takeEvent() == nil)
  }

  @Test func `of a flood the records are bounded, and every failure is in one or in the count of one`() {
    var failures = HandshakeFailures()
    let start = Deadline.now
    var (recorded, counted) = (0, 0)
    // Ten seconds of a thousand a second.
    for index in 0..<10_000 {
      let event = failures.event(
        of: "192.0.2.1:5", reason: "no TLS", at: start.advanced(by: .milliseconds(index)))
      if event != nil { recorded += 1 }
      counted += suppressed(event) ?? 0
    }
    #expect(
      recorded >= RecordLimits.handshakeRecordBurst && recorded <= RecordLimits.handshakeRecordBurst + 10)
    let rest = failures.takeEvent()
    #expect(names(rest) == ["suppressed"])
    #expect(recorded + counted + (suppressed(rest) ?? 0) == 10_000)
    #expect(failures.takeEvent() == nil)
  }

  @Test func `after a pause as many as at first are recorded, and no more`() {
    var failures = HandshakeFailures()
    let start = Deadline.now
    for _ in 0..<100 { _ = failures.event(of: "a", reason: "b", at: start) }
    let later = start.advanced(by: .seconds(3_600))
    let events = (0..<100).count { _ in failures.event(of: "a", reason: "b", at: later) != nil }
    #expect(events == RecordLimits.handshakeRecordBurst)
  }
}
