// What loading policies and deciding by them costs.

import Bytes
import Digests
import HTTP
import Peering
import Policy

enum Decisions {
  private static let rules = 10_000
  private static let tokens = 10_000
  private static let instant = Timestamp(seconds: 1_795_000_000)

  static func rows() throws -> [MicroRow] {
    let file = PolicyFile(name: "large.hcl", path: "large.hcl", bytes: Array(policies().utf8))
    var loaded: PolicySet?
    let load = Stopwatch.best(of: 3) { loaded = try? PolicyLoader.load([file], now: instant) }
    guard let loaded else { throw Trouble("the generated policies do not load") }
    let connection = PolicyAttributes(source: Address("10.1.2.3"))
    let decisions = [
      "/v1/peering/team-5000-name", "/v1/peering/team-7777-xyz", "/v1/peering/unknown", "/v1/peerings",
    ].compactMap { target -> MicroRow? in
      guard let request = request(target, secret: identifier(4)) else { return nil }
      let decide = Stopwatch.best(of: 50, times: 2_000) {
        keep(Judge.judge(request, connection: connection, policies: loaded, now: instant))
      }
      return MicroRow(stage: "decide GET \(target)", nanoseconds: decide)
    }
    return decisions + [
      MicroRow(
        stage: "load policies of \(tokens) tokens and \(rules) rules", nanoseconds: load,
        bytes: file.bytes.count)
    ]
  }

  /// Half of the tokens hold a policy of 10,000 rules, half one of a single rule.
  private static func policies() -> String {
    var text = "policy \"large\" {\n"
    for number in 0..<rules {
      text +=
        number.isMultiple(of: 2)
        ? "  peering \"team-\(number)-name\" { policy = \"read\" }\n"
        : "  peering_prefix \"team-\(number)-\" { policy = \"write\" }\n"
    }
    text += "}\npolicy \"small\" { peering_prefix \"cluster-\" { policy = \"read\" } }\n"
    for number in 0..<tokens {
      text += """
        token "t\(number)" {
          accessor_id   = "\(identifier(number + rules))"
          secret_sha256 = ["\(SHA256.digest(of: identifier(number)).hexadecimal)"]
          policies      = ["\(number.isMultiple(of: 2) ? "large" : "small")"]
        }

        """
    }
    return text
  }

  private static func identifier(_ number: Int) -> String {
    let digits = String(number, radix: 16)
    return "00000000-0000-0000-0001-" + String(repeating: "0", count: 12 - digits.utf8.count) + digits
  }

  private static func request(_ target: String, secret: String) -> PeeringRequest? {
    let head = Array("GET \(target) HTTP/1.1\r\nHost: gate\r\nX-Consul-Token: \(secret)\r\n\r\n".utf8)
    var parser = RequestParser()
    guard let parsed = try? parser.parse(head.span) else { return nil }
    let none: [UInt8] = []
    guard case .operation(let request)? = try? PeeringCall.parse(parsed, body: none.span) else { return nil }
    return request
  }
}
