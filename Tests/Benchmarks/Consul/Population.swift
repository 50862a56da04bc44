// Who and what there is in a benchmark: teams, each with a token and a prefix of peer names of its own.

import Digests

/// Every name is of the same length, so that answers are, anyone who asks.
enum Population {
  /// Tokens of the access tables unless a benchmark says otherwise.
  static let teams = 100
  /// Elements of a list go round these teams: each of them may see a tenth of it.
  static let teamsOfList = 10

  static func secret(_ team: Int) -> String { "5ec4e700-0000-4000-8000-\(padded(team, 12))" }
  static func digest(_ team: Int) -> String { SHA256.digest(of: secret(team)).hexadecimal }
  static func accessor(_ team: Int) -> String { "acce5504-0000-4000-8000-\(padded(team, 12))" }
  static func prefix(_ team: Int) -> String { "team-\(padded(team, 6))-" }
  static func peer(_ number: Int, of team: Int) -> String { prefix(team) + padded(number, 6) }

  /// The name at a place of a list.
  static func listed(_ place: Int) -> String { peer(place, of: place % teamsOfList) }

  static func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
  }
}
