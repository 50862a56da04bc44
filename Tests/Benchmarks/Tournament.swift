// Rounds of a workload: every proxy once in each, in turns, so that what disturbs the machine disturbs all of them.

struct Tournament {
  var rounds = 1...5
  var seconds = 2.0
  var connections = 32
  var warmUpSeconds = 0.5
  let scratch: ScratchFolder

  /// Idle connections are looked at when the proxies have had the time to put away what they do not need.
  private static let settlingSeconds = 12.0
  /// Memory hardly differs from one run to the next, and such a run takes long.
  private static let roundsOfCrowds = 2

  func play(
    _ workload: Workload, _ peers: [any Peer], setting: Arena.Setting = Arena.Setting(),
    into record: inout Record
  ) throws {
    var able: [any Peer] = []
    for peer in peers {
      if let reason = refusal(peer, workload) {
        record.note(workload, peer, reason)
      } else {
        able.append(peer)
      }
    }
    if workload.isCrowd {
      // Memory that one run has left behind would be the next one's for nothing: each run has processes of its own.
      for round in rounds.prefix(Self.roundsOfCrowds) {
        try play(workload, able, setting, rounds: round...round, &record)
      }
    } else {
      try play(workload, able, setting, rounds: rounds, &record)
    }
  }

  private func play(
    _ workload: Workload, _ peers: [any Peer], _ setting: Arena.Setting, rounds: ClosedRange<Int>,
    _ record: inout Record
  ) throws {
    let arena = try Arena(workload, setting: setting, scratch: scratch)
    defer { arena.stop() }
    for peer in peers where !record.hasFailed(workload, peer) {
      do {
        _ = try arena.start(peer)
      } catch let trouble as Trouble {
        record.note(workload, peer, trouble.description, isFailure: true)
      }
    }
    for round in rounds {
      for contestant in arena.contestants where !record.hasFailed(workload, contestant.peer) {
        Console.note("\(workload.name): round \(round), \(contestant.peer.name)")
        do {
          let figures = try arena.run(
            contestant, connections: workload.connections ?? connections, warmUp: warmUpSeconds,
            seconds: workload.isCrowd ? max(seconds, Self.settlingSeconds) : seconds)
          record.runs.append(
            .init(workload: workload.name, peer: contestant.peer.name, round: round, figures: figures))
        } catch let trouble as Trouble {
          // One that answers wrongly has no figures at all: those of its earlier rounds go, too.
          record.note(workload, contestant.peer, trouble.description, isFailure: true)
        }
      }
    }
  }

  private func refusal(_ peer: any Peer, _ workload: Workload) -> String? {
    guard peer.takes(workload) else { return "cannot do it" }
    let needed = (workload.connections ?? connections) * peer.descriptorsPerConnection(workload) + 200
    let limit = OpenFiles.raise()
    return needed > limit ? "needs \(needed) descriptors, and the system's limit is \(limit)" : nil
  }
}
