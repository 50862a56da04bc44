// What happened between the recorded exchanges without being recorded.

import Bytes
@testable import EmbeddedConsul

/// Setup requests of the recorder that the later answers show: names, tokens and times are read off the
/// recordings.
enum ReplayScript {
  enum Step: Sendable {
    /// A token made for this name; `as` names the recording in which that token is then used.
    case generate(String, at: String, as: String? = nil)
    case delete(String, at: String)
    /// How long the dialer at dc2 took to connect next time.
    case dialDelay(Duration)
    case exports(service: String, to: String)
    /// So many changes of tables that are not peering's.
    case advance(Int, at: String)
    case anonymousMayRead(Bool)
  }

  static let before: [String: [Step]] = [
    "token-093-partition-default-in-body": [.advance(1, at: "dc1")],
    "establish-001-happy": [
      .dialDelay(.milliseconds(10)), .generate("to-dc2", at: "dc1", as: "establish-001-happy"),
    ],
    "establish-005-re-establish-with-fresh-token": [
      .generate("to-dc2", at: "dc1", as: "establish-005-re-establish-with-fresh-token")
    ],
    "establish-007-establish-on-acceptor-name": [
      .generate("x-b", at: "dc2", as: "establish-007-establish-on-acceptor-name")
    ],
    "establish-011-token-bad-ca": [.generate("to-dc2-b", at: "dc1", as: "establish-049-second-peering")],
    "establish-019-same-cluster": [.generate("self-src", at: "dc1", as: "establish-019-same-cluster")],
    "establish-049-second-peering": [.dialDelay(.milliseconds(2_900))],
    "establish-050-partition-foo-good-token": [
      .dialDelay(.seconds(20)),
      .generate("part-src", at: "dc1", as: "establish-050-partition-foo-good-token"),
    ],
    "establish-054-old-token-after-regenerate": [
      .generate("to-dc2-c", at: "dc1", as: "establish-054-old-token-after-regenerate"),
      .generate("to-dc2-c", at: "dc1", as: "establish-055-new-token-after-regenerate"),
      .advance(1, at: "dc2"),
    ],
    "establish-051-list-after": [.exports(service: "web", to: "to-dc2"), .advance(2, at: "dc1")],
    "read-001-found": [.generate("kilo", at: "dc1")],
    "read-034-blocking-woken": [.advance(5, at: "dc1")],
    "delete-046-establish-after-delete": [
      .dialDelay(.seconds(2)), .generate("to-dc2", at: "dc1", as: "delete-046-establish-after-delete"),
    ],
    "auth-061-anonymous-granted-read": [.anonymousMayRead(true)],
    "auth-064-token-self": [.anonymousMayRead(false)],
    "acl-builtin-global-read-only--generate": [
      .generate("acl-x", at: "dc1"), .generate("acl-src", at: "dc1", as: "acl-acl-write--establish"),
    ],
    "cli-012-establish": [.dialDelay(.milliseconds(10))],
    "path-001-double-slash-start": [.generate("path-x", at: "dc1"), .generate("abc", at: "dc1")],
  ]

  /// A second after the query began to wait.
  static let meanwhile: [String: Step] = [
    "read-034-blocking-woken": .generate("peer-a", at: "dc1"),
    "read-035-blocking-woken-by-delete": .delete("peer-m7", at: "dc1"),
    "list-017-blocking-woken": .generate("list-wake", at: "dc1"),
  ]

  /// Recorded out of the order of their names.
  static let after: [String: String] = [
    "token-127-management-token": "token-128-list-after",
    "establish-054-old-token-after-regenerate": "establish-050-partition-foo-good-token",
    "establish-055-new-token-after-regenerate": "establish-054-old-token-after-regenerate",
    "read-045-blocking-not-found-table-index": "read-036-blocking-not-found",
    "path-076-dot-segment-end": "misc-050-client-establish-self",
  ]

  /// Recorded before anything else.
  static let first = ["list-000-empty", "list-000-empty-pretty"]

  static func ordered(_ recordings: [Recording]) -> [Recording] {
    var ordered = first.compactMap { name in recordings.first { $0.name == name } }
    for recording in inTime(recordings) where !first.contains(recording.name) && after[recording.name] == nil
    {
      ordered.append(recording)
      var previous = recording.name
      while let next = recordings.first(where: { after[$0.name] == previous }) {
        ordered.append(next)
        previous = next.name
      }
    }
    return ordered
  }

  /// The group acl/ was recorded token by token in no order of names; its replies tell the time.
  private static func inTime(_ recordings: [Recording]) -> [Recording] {
    let isACL: (Recording) -> Bool = { $0.group == "acl" }
    guard let start = recordings.firstIndex(where: isACL) else { return recordings }
    let timed = recordings.filter(isACL).enumerated().sorted {
      guard let one = $0.element.response?.date, let other = $1.element.response?.date, one != other
      else { return $0.offset < $1.offset }
      return one < other
    }
    return recordings[..<start] + timed.map(\.element) + recordings[start...].filter { !isACL($0) }
  }

  /// How far every change of Consul's index is accounted for, so that ours must be the same to the unit.
  static func countsIndexes(_ recording: Recording) -> Bool {
    ["token", "establish", "read"].contains(recording.group)
  }

  /// Spoken to dc2; the other recordings of the CLI were made with dc1.
  static let dc2CLI: Set<String> = [
    "cli-012-establish", "cli-013-establish-again", "cli-030-establish-bad-token",
  ]

  /// What the tokens of the recordings were allowed, in Consul's rules for peering. The rest of `aaaaaaaa-…`
  /// had rules for other things, which give nothing.
  static func access(at agent: String, anonymousMayRead: Bool = false) -> AccessControl {
    if agent == "acloff" { return .disabled }
    var grants: [ByteString: AccessControl.Grant] = [:]
    func grant(_ secret: String, _ level: AccessControl.Level) {
      grants[ByteString(secret)] = AccessControl.Grant(
        accessorID: "00000000-0000-4000-8000-00000000acc0", level: level)
    }
    if agent == "dc2" {
      grant("00000002-1111-4111-8111-000000000002", .write)
      grant("aaaaaaaa-0000-4000-8000-000000000002", .write)
      return .granting(grants)
    }
    grant("00000001-1111-4111-8111-000000000001", .write)
    let levels: [(AccessControl.Level, [String])] = [
      (.read, ["01", "04", "42", "43"]), (.write, ["02", "05", "07", "08", "40"]),
      (.none, ["03", "06", "09", "10", "11", "12", "13", "14", "15", "16", "41", "44", "47", "48"]),
    ]
    for (level, endings) in levels {
      for ending in endings { grant("aaaaaaaa-0000-4000-8000-0000000000\(ending)", level) }
    }
    return .granting(grants, anonymous: anonymousMayRead ? .read : .none)
  }
}
