// One readable line for each decision, on its own thread: a terminal that is scrolled back must not stop a gate.

import Gate
import Record
import Sockets
import Synchronization

final class Console: Sendable {
  private let loop: EventLoop?
  private let thread: Thread?
  private let hasColour = Terminal.hasColour
  private let waiting = Atomic(0)
  /// Lines that may wait for the terminal; beyond that they are dropped, the audit log has them all.
  private static let waitingLines = 10_000

  init() {
    loop = try? EventLoop()
    thread = loop.map { loop in Thread.spawn(named: "console") { loop.run() } }
  }

  /// Called on a worker's thread.
  func show(_ report: DecisionReport, gate: String) {
    guard let loop, waiting.load(ordering: .relaxed) < Self.waitingLines else { return }
    waiting.add(1, ordering: .relaxed)
    loop.perform { [self] in
      waiting.subtract(1, ordering: .relaxed)
      Terminal.say(DecisionLine(report, gate: gate, hasColour: hasColour).text)
    }
  }

  func stop() {
    guard let loop else { return }
    loop.perform { loop.stop() }
    thread?.join()
  }
}
