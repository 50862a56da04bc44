// The audit file as a test reads it: by a parser that shares nothing with the writer but the grammar.

import Foundation

package struct AuditLine: Sendable {
  package let text: String
  package let id: String
  /// The client's own name of the request.
  package let requestID: String?
  package let traceID: String?
  package let stage: String
  package let status: String?
  package let operation: String?
  package let peer: String?
  package let outcome: String?
  package let reason: String?
  package let rule: String?
  package let subject: String?
  package let tokenDigest: String?
  package let sequence: Int
  package let certificateSubject: String?
  package let certificateNames: [String]
  package let group: String?
  /// The Consul that was asked.
  package let upstream: String?
  package let repeated: Int?
  package let repeatReason: String?

  /// As the answer's X-Request-Id has it.
  package var shownID: String { requestID ?? id }

  init?(_ text: String) {
    guard let line = (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any],
      line["event_type"] as? String == "audit", let payload = line["payload"] as? [String: Any],
      let id = payload["id"] as? String, let stage = payload["stage"] as? String
    else { return nil }
    self.text = text
    self.id = id
    self.stage = stage
    let request = payload["request"] as? [String: Any]
    requestID = request?["request_id"] as? String
    traceID = request?["trace_id"] as? String
    status = (payload["response"] as? [String: Any])?["status"] as? String
    let peering = payload["peering"] as? [String: Any]
    operation = peering?["operation"] as? String
    peer = peering?["peer"] as? String
    tokenDigest = peering?["token_digest"] as? String
    outcome = (payload["decision"] as? [String: Any])?["outcome"] as? String
    rule = (payload["decision"] as? [String: Any])?["rule"] as? String
    reason = payload["reason"] as? String
    subject = (payload["auth"] as? [String: Any])?["description"] as? String
    sequence = line["seq"] as? Int ?? -1
    let tls = payload["tls"] as? [String: Any]
    certificateSubject = tls?["subject"] as? String
    group = tls?["group"] as? String
    let asked = payload["upstream"] as? [String: Any]
    upstream = asked?["address"] as? String
    repeated = asked?["repeated"] as? Int
    repeatReason = asked?["repeat_reason"] as? String
    certificateNames = tls?["names"] as? [String] ?? []
  }
}

package enum AuditLog {
  /// The lines that record requests, in the order of the file. Every line of the file must be whole JSON.
  package static func lines(_ path: String) throws -> [AuditLine] { try lines(in: written(path)) }

  /// What is written so far, up to the last line end: a reader may see half of a block that is being written.
  private static func written(_ path: String) throws -> String {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    return text.lastIndex(of: "\n").map { String(text[...$0]) } ?? ""
  }

  package static func lines(in text: String) throws -> [AuditLine] {
    try text.split(separator: "\n").compactMap { line in
      guard (try JSONSerialization.jsonObject(with: Data(line.utf8))) is [String: Any] else { return nil }
      return AuditLine(String(line))
    }
  }

  /// The payloads of the lines of one `event_type`, in the order of the file.
  package static func events(_ type: String, in path: String) throws -> [[String: Any]] {
    try written(path).split(separator: "\n").compactMap { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return object?["event_type"] as? String == type ? object?["payload"] as? [String: Any] : nil
    }
  }

  /// The number of every line, the log's own included, in the order of the file.
  package static func numbers(_ path: String) throws -> [Int] {
    try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      return object?["seq"] as? Int ?? -1
    }
  }
}
