// What must be equal between a recorded reply and ours.

import Bytes
import Foundation

@testable import EmbeddedConsul

enum Comparison {
  static let fields = [
    "Content-Type", "Allow", "Location", "Vary", "X-Consul-Default-Acl-Policy", "X-Consul-Knownleader",
    "X-Consul-Lastcontact", "X-Consul-Query-Backend", "X-Consul-Results-Filtered-By-Acls",
  ]

  /// - Returns: what differs; empty if nothing does.
  /// - Parameter countsIndexes: also every index must be Consul's.
  static func differences(
    _ recorded: Recording.Response, _ reply: ConsulResponse, isHead: Bool, countsIndexes: Bool
  ) -> [String] {
    var differences: [String] = []
    if recorded.status != reply.status {
      differences.append("status \(reply.status) instead of \(recorded.status ?? 0)")
    }
    for name in fields where recorded.field(name) != reply.field(name) {
      differences.append(
        "\(name): \(reply.field(name) ?? "none") instead of \(recorded.field(name) ?? "none")")
    }
    let indexes = (recorded.field("X-Consul-Index"), reply.field("X-Consul-Index"))
    if (indexes.0 == nil) != (indexes.1 == nil) || countsIndexes && indexes.0 != indexes.1 {
      differences.append("X-Consul-Index: \(indexes.1 ?? "none") instead of \(indexes.0 ?? "none")")
    }
    if let body = recorded.body, !isHead {
      let theirs = normalised(body, keepsIndexes: countsIndexes)
      let ours = normalised(reply.text, keepsIndexes: countsIndexes)
      if theirs != ours { differences.append(firstDifference(theirs, ours)) }
    }
    return differences
  }

  private static func firstDifference(_ theirs: String, _ ours: String) -> String {
    let (theirs, ours) = (Array(theirs.unicodeScalars), Array(ours.unicodeScalars))
    let common = zip(theirs, ours).prefix { $0 == $1 }.count
    func excerpt(_ text: [Unicode.Scalar]) -> String {
      String(String.UnicodeScalarView(text[max(0, common - 120)..<min(text.count, common + 160)]))
    }
    return "body from \(common):\n  ours   \(excerpt(ours))\n  Consul \(excerpt(theirs))"
  }

  /// Identifiers, indexes and times replaced by their kind; a peering token by its contents.
  private static func normalised(_ body: String, keepsIndexes: Bool) -> String {
    var text = body
    if let match = text.firstMatch(of: /"PeeringToken": ?"([A-Za-z0-9+\/=]{40,})"/),
      let token = Data(base64Encoded: String(match.1))
    {
      text.replaceSubrange(
        match.1.startIndex..<match.1.endIndex, with: String(decoding: token, as: UTF8.self))
    }
    text.replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/, with: "<id>")
    text.replace(/20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z/, with: "<time>")
    if keepsIndexes { return text }
    text.replace(/"(Create|Modify)Index":( ?)\d+/) { "\"\($0.1)Index\":\($0.2)<index>" }
    return text
  }
}
