// The words of the field, instead of our own: an engineer who knows HAProxy, Envoy or Consul reads on without a glossary.
import Foundation
import Testing

struct WordsTests {
  @Test func `the field's words are used, in code and comments`() {
    for file in SourceTree.sources {
      for (index, line) in file.lines.enumerated() {
        for word in Self.words(line) {
          guard let instead = Self.banned[word] else { continue }
          Issue.record("\(file):\(index + 1): `\(word)`: say \(instead)")
        }
      }
    }
  }

  @Test func `types have the field's names`() {
    let declarations: Set<String> = ["struct", "class", "enum", "actor", "protocol", "typealias"]
    for file in SourceTree.sources {
      for (number, text) in file.code {
        let words = Self.words(text)
        for (declaration, name) in zip(words, words.dropFirst()) where declarations.contains(declaration) {
          guard let instead = Self.bannedTypes[name] else { continue }
          Issue.record("\(file):\(number): type `\(name)`: say \(instead)")
        }
      }
    }
  }

  private static func words(_ text: String) -> [String] {
    text.utf8.split { byte in
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
        false
      default: true
      }
    }.map { String(decoding: $0, as: UTF8.self) }
  }

  private static let banned = [
    "storey": "layer", "storeys": "layers", "Storey": "layer",
    "whoever": "anyone who, or a plain subject", "Whoever": "anyone who, or a plain subject",
    "octets": "bytes", "Octets": "bytes",
    "lounge": "idle sweep", "vacancy": "admission", "tired": "quiescing",
    "owed": "pending", "isOwed": "shouldYield", "nextDebt": "nextYield",
    "callReader": "interruptReader", "dismissReader": "clearInterrupt", "suspectInput": "recheckReadable",
    "bell": "wakeupFD", "endOfTurn": "onIterationEnd",
    "withhold": "fail closed", "giveBack": "release", "giveUp": "evict, or what is given up",
  ]

  private static let bannedTypes = [
    "Answer": "Response", "Reply": "Response", "UpstreamReply": "UpstreamMessage, UpstreamResponse",
    "OwedAnswer": "PendingResponse", "Client": "ConnectionContext", "Recording": "AuditOptions",
    "Parking": "Waiter", "Slot": "PollRegistration", "Sleeper": "Hibernator",
    "RestingSession": "SuspendedSession", "Commitment": "BatchCompletion", "Scribe": "SinkWriter",
    "Lane": "SinkQueue", "Composer": "BlockBuilder", "Tally": "Quorum", "Demand": "Freshness",
    "ContentShare": "BodyReservation", "TurnQueue": "WaitQueue", "AddressBook": "ResolverCache",
    "Face": "HTTPAPI", "Agenda": "TimerQueue", "Chance": "RandomSource", "Laboratory": "Fixture",
  ]
}
