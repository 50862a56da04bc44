// What is due when.

import Bytes
import Testing

@testable import EmbeddedConsul

@Suite struct AgendaTests {
  private func wait(_ number: UInt64) -> TimerQueue.Event { .waitEnds(WaitID(number: number)) }

  private func drain(_ agenda: inout TimerQueue, upTo time: Int64 = .max) -> [UInt64] {
    var order: [UInt64] = []
    while let next = agenda.next(upTo: Timestamp(nanoseconds: time)) {
      if case .waitEnds(let id) = next.event { order.append(id.number) }
    }
    return order
  }

  @Test func `what is due first comes first, and equals in the order of scheduling`() {
    var agenda = TimerQueue()
    for (number, due) in [(1, 50), (2, 10), (3, 50), (4, 30), (5, 10), (6, 10)] {
      agenda.schedule(wait(UInt64(number)), at: Timestamp(nanoseconds: Int64(due)))
    }
    #expect(agenda.nextDue == Timestamp(nanoseconds: 10))
    #expect(drain(&agenda, upTo: 9) == [])
    #expect(drain(&agenda, upTo: 10) == [2, 5, 6])
    #expect(drain(&agenda) == [4, 1, 3])
    #expect(agenda.nextDue == nil)
  }

  @Test func `ten thousand in any order come out sorted, also after a sweep`() {
    var agenda = TimerQueue()
    var chance = RandomSource.seeded(3)
    var dues: [UInt64: Int64] = [:]
    for number in 0..<10_000 {
      let due = Int64(chance.fraction() * 1_000_000)
      dues[UInt64(number)] = due
      agenda.schedule(wait(UInt64(number)), at: Timestamp(nanoseconds: due))
    }
    agenda.keep { if case .waitEnds(let id) = $0 { id.number % 3 == 0 } else { false } }
    let order = drain(&agenda)
    #expect(order.count == 3_334)
    #expect(order.map { dues[$0] ?? 0 } == order.map { dues[$0] ?? 0 }.sorted())
  }
}
