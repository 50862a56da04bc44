// Exchanges of official clients with a real Consul, as recorded for the embedded one.

import Foundation
import Support

struct RecordedExchange {
  let name: String
  let method: String
  let status: Int
  private let target: String
  private let fields: [(name: String, value: String)]
  private let body: String

  /// The second datacenter was recorded at another port.
  var isOfSecondDatacenter: Bool { fields.contains { $0.name == "Host" && $0.value.hasSuffix(":9600") } }

  /// Those of a group, in the order of recording; commands that sent nothing are left out.
  static func all(_ group: String) throws -> [RecordedExchange] {
    let file = GateProcess.repository.appending(path: "Tests/EmbeddedConsulTests/Recordings/\(group).jsonl")
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").flatMap { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
      let name = object["name"] as? String ?? ""
      let exchanges = object["exchanges"] as? [[String: Any]] ?? [object]
      return exchanges.enumerated().compactMap { number, exchange in
        RecordedExchange(number == 0 ? name : "\(name)+\(number)", exchange)
      }
    }
  }

  private init?(_ name: String, _ exchange: [String: Any]) {
    guard let request = exchange["request"] as? [String: Any], let method = request["method"] as? String,
      let target = request["target"] as? String, let headers = request["headers"] as? [[String]],
      let status = (exchange["response"] as? [String: Any])?["status"] as? Int
    else { return nil }
    self.name = name
    self.method = method
    self.target = target
    self.status = status
    fields = headers.map { ($0[0], $0.count > 1 ? $0[1] : "") }
    body = request["body"] as? String ?? ""
  }

  /// The bytes that were sent; the length follows the body.
  func text(replacingPeeringToken token: String) -> String {
    var body = body
    if let recorded = body.firstMatch(of: /"PeeringToken":"(ey[^"]+)"/) {
      body = body.replacingOccurrences(of: String(recorded.1), with: token)
    }
    let lines = fields.map {
      "\($0.name): \($0.name == "Content-Length" ? "\(body.utf8.count)" : $0.value)\r\n"
    }
    return "\(method) \(target) HTTP/1.1\r\n\(lines.joined())\r\n\(body)"
  }
}
