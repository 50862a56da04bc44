// How many refusals stand in the log one by one, and that none is forgotten.

import Audit
import Bytes
import Consul
import Messages
import Peering
import Policy
import Sockets
import Testing

@testable import Gate
@testable import Record

@Suite struct RepeatedRefusalsTests {
  private static func stranger(_ address: String) throws -> RepeatedRefusal {
    try #require(
      RepeatedRefusal(.refused(.notServed), from: Address(address), subject: nil))
  }

  private func numbers(_ event: GateEvent?) -> [String: Int] {
    var numbers: [String: Int] = [:]
    for (name, fact) in event?.facts ?? [] {
      if case .number(let number) = fact { numbers["\(name)"] = number }
    }
    return numbers
  }

  @Test func `few have a record each`() throws {
    var refusals = RepeatedRefusals()
    let (refusal, now) = (try Self.stranger("192.0.2.1"), Deadline.now)
    for _ in 0..<RecordLimits.refusalRecordBurst {
      let isRecorded = refusals.takesRecord(refusal, at: now)
      #expect(isRecorded)
    }
    let isDone = refusals.takeEvent() == nil
    #expect(isDone)
    let isOneMoreRecorded = refusals.takesRecord(refusal, at: now)
    #expect(!isOneMoreRecorded)
    let counted = numbers(refusals.takeEvent())
    #expect(counted == ["malformed": 1])
  }

  @Test func `of a flood the records are bounded, and each refusal is one or counted`() throws {
    var refusals = RepeatedRefusals()
    let (refusal, start) = (try Self.stranger("192.0.2.1"), Deadline.now)
    // Ten seconds of a thousand a second.
    let recorded = (0..<10_000).count { index in
      refusals.takesRecord(refusal, at: start.advanced(by: .milliseconds(index)))
    }
    let bounds = RecordLimits.refusalRecordBurst...RecordLimits.refusalRecordBurst + 10
    #expect(bounds.contains(recorded))
    let counted = numbers(refusals.takeEvent())
    #expect(counted == ["malformed": 10_000 - recorded])
    let isDone = refusals.takeEvent() == nil
    #expect(isDone)
  }

  @Test func `one source hides only itself`() throws {
    var refusals = RepeatedRefusals()
    let now = Deadline.now
    let loud = try Self.stranger("192.0.2.1")
    for _ in 0..<1_000 { _ = refusals.takesRecord(loud, at: now) }
    let isRecorded = refusals.takesRecord(try Self.stranger("192.0.2.2"), at: now)
    #expect(isRecorded)
  }

  @Test func `one IPv6 network is one source`() throws {
    var refusals = RepeatedRefusals()
    let now = Deadline.now
    let recorded = try (0..<1_000).count { index in
      refusals.takesRecord(try Self.stranger("2001:db8::\(String(index, radix: 16))"), at: now)
    }
    #expect(recorded == RecordLimits.refusalRecordBurst)
  }

  @Test func `many sources together are bounded too, in records and in memory`() throws {
    var refusals = RepeatedRefusals()
    let now = Deadline.now
    let recorded = try (0..<10_000).count { index in
      refusals.takesRecord(try Self.stranger("10.0.\(index >> 8).\(index & 255)"), at: now)
    }
    #expect(recorded == RecordLimits.allRefusalRecordBurst)
    let counted = numbers(refusals.takeEvent())
    #expect(counted == ["malformed": 10_000 - recorded])
  }

  @Test func `after a pause a source has as many as at first`() throws {
    var refusals = RepeatedRefusals()
    let (refusal, start) = (try Self.stranger("192.0.2.1"), Deadline.now)
    for _ in 0..<100 { _ = refusals.takesRecord(refusal, at: start) }
    let later = start.advanced(by: .seconds(3_600))
    let recorded = (0..<100).count { _ in refusals.takesRecord(refusal, at: later) }
    #expect(recorded == RecordLimits.refusalRecordBurst)
  }

  @Test func `OPTIONS has its own count, and a share with the refusals of its source`() throws {
    var refusals = RepeatedRefusals()
    let (refusal, now) = (try Self.stranger("192.0.2.1"), Deadline.now)
    for _ in 0..<RecordLimits.refusalRecordBurst { _ = refusals.takesRecord(refusal, at: now) }
    let options = RepeatedRefusal(optionsFrom: Address("192.0.2.1"))
    let isRecorded = refusals.takesRecord(options, at: now)
    #expect(!isRecorded)
    let isOtherRecorded = refusals.takesRecord(RepeatedRefusal(optionsFrom: Address("192.0.2.2")), at: now)
    #expect(isOtherRecorded)
    let counted = numbers(refusals.takeEvent())
    #expect(counted == ["options": 1])
  }

  @Test func `what is nobody's refusal has its record`() {
    for failure in [Failure.upstream(.busy), .draining, .upstream(.clientLeft), .upstream(.nonsense("x"))] {
      #expect(RepeatedRefusal(failure, from: nil, subject: nil) == nil)
    }
    #expect(RepeatedRefusal(.request(.noRoom), from: nil, subject: nil)?.kind == .tooMany)
    #expect(RepeatedRefusal(.request(.slow(.head)), from: nil, subject: nil)?.kind == .incomplete)
  }
}
