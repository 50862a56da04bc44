// What scanning and filtering a list costs.

import JSON
import Peering

enum Lists {
  static func rows() throws -> [MicroRow] {
    try [10, 1_000].flatMap { size in
      let list = CannedConsul.listBody((0..<size).map(Population.listed))
      let scanner = ElementScanner(seeking: ["Name", "Partition"])
      let own = Population.prefix(0)
      let filtered = try PeeringList.filter(list) { name, _ in PeerName(name)?.text.hasPrefix(own) == true }
      guard filtered.kept == size / Population.teamsOfList else {
        throw Trouble("the list is not filtered to a tenth")
      }
      let times = 20_000 / size
      let scan = Stopwatch.best(of: 10, times: times) {
        var count = 0
        try? scanner.scan(list.span) { _ in count += 1 }
        keep(count)
      }
      let filter = Stopwatch.best(of: 10, times: times) {
        // Every other thing is the same for all: the length of the name stands for the decision.
        var place = 0
        let kept = try? PeeringList.filter(list) { _, _ in
          place += 1
          return place.isMultiple(of: Population.teamsOfList)
        }
        keep(kept?.kept)
      }
      return [
        MicroRow(stage: "scan list of \(size)", nanoseconds: scan, bytes: list.count),
        MicroRow(stage: "filter list of \(size) to a tenth", nanoseconds: filter, bytes: list.count),
      ]
    }
  }
}
