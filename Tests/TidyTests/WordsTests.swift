// The words of the field, instead of our own: an engineer who knows HAProxy, Envoy or Consul reads on without a glossary.
import Foundation
import Testing

struct WordsTests {
  @Test func `the field's words are used, in code and comments`() {
    let words = Dictionary(uniqueKeysWithValues: Self.banned.flatMap { row in row.not.map { ($0, row.but) } })
    for file in SourceTree.sources + SourceTree.tests where file.path != "Tests/TidyTests/WordsTests.swift" {
      for (index, line) in file.lines.enumerated() {
        for word in line.split(whereSeparator: { !($0.isLetter || $0.isNumber || $0 == "_") }) {
          guard let instead = words[String(word)] else { continue }
          Issue.record("\(file):\(index + 1): `\(word)`: say \(instead)")
        }
      }
    }
  }

  private static let banned: [(not: [String], but: String)] = [
    (["storey", "storeys", "Storey"], "layer"),
    (["whoever", "Whoever"], "anyone who, or a plain subject"),
    (["octets", "Octets"], "bytes"),
    (["Parking", "lounge", "vacancy"], "Waiter, idle sweep, admission"),
    (["Sleeper", "tired", "RestingSession"], "hibernate, quiescing, SuspendedSession"),
    (["OwedAnswer", "owed", "isOwed", "nextDebt"], "pending: PendingResponse, shouldYield, nextYield"),
    (["Answer", "Reply"], "Response"),
    (["UpstreamReply"], "UpstreamMessage, UpstreamResponse"),
    (["callReader", "dismissReader", "suspectInput"], "interruptReader, clearInterrupt, recheckReadable"),
    (["bell", "endOfTurn"], "wakeupFD, onIterationEnd"),
    (["Client"], "ConnectionContext"),
    (["Commitment"], "BatchCompletion"),
    (["Scribe", "Lane", "Composer", "Tally"], "SinkWriter, SinkQueue, BlockBuilder, Quorum"),
    (["withhold"], "fail closed"),
    (["giveBack", "giveUp"], "release, evict"),
    (["Demand"], "Freshness"),
    (["ContentShare"], "BodyReservation"),
    (["TurnQueue", "AddressBook"], "WaitQueue, ResolverCache"),
    (["Face", "Agenda", "Chance", "Laboratory"], "HTTPAPI, TimerQueue, RandomSource, Fixture"),
    (["Recording"], "AuditOptions"),
    (["preview"], "evaluate"),
  ]
}
