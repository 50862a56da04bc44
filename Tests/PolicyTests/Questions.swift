// Requests, sets and connections for the tests, made by the parsers as in life.
import Bytes
import Digests
import HTTP
import Peering
import Testing

@testable import Policy

extension PartitionKey {
  /// Partitions of random cases need not be valid names.
  init(testing name: String) {
    self = Partition(name).map(PartitionKey.init) ?? PartitionKey(bytes: Array(name.utf8), isDefault: false)
  }
}

extension Timestamp {
  init(testing text: String) throws { self = try #require(Timestamp(text)) }
}

/// A policy set from one file of HCL.
func policySet(_ text: String, at now: Timestamp = LoaderVectors.now) throws -> PolicySet {
  try PolicyLoader.load([PolicyFile(name: "p.hcl", path: "p.hcl", bytes: Array(text.utf8))], now: now)
}

/// A request as the parsers make it. `secret` goes into `X-Consul-Token`.
func request(_ line: String, secret: String? = nil, body: String = "") throws -> PeeringRequest {
  var head = "\(line) HTTP/1.1\r\nHost: gate\r\n"
  if let secret { head += "X-Consul-Token: \(secret)\r\n" }
  head += "\r\n"
  var parser = RequestParser()
  let parsed = try #require(try parser.parse(Array(head.utf8).span))
  guard case .operation(let request) = try PeeringCall.parse(parsed, body: Array(body.utf8).span) else {
    throw Refusal.notServed
  }
  return request
}

/// The head of a request that has a body to come, or none.
func requestHead(_ line: String, secret: String?, fields: String = "") throws -> PeeringRequestHead {
  let credential = secret.map { "X-Consul-Token: \($0)\r\n" } ?? ""
  var parser = RequestParser()
  let bytes = Array("\(line) HTTP/1.1\r\nHost: gate\r\n\(credential)\(fields)\r\n".utf8)
  let parsed = try #require(try parser.parse(bytes.span))
  var hash = SHA256()
  guard case .operation(let head) = try PeeringRequestHead.parse(parsed, hash: &hash) else {
    throw Refusal.notServed
  }
  return head
}

let anywhere = PolicyAttributes(source: nil)

/// What became of a verdict, for comparing.
struct Outcome: Equatable {
  var isAllowed: Bool
  var subject: String?
  var rule: String?
  var reason: Denial.Reason?
  var message: String?

  init(_ verdict: consuming Verdict) {
    switch consume verdict {
    case .permit(let permit):
      isAllowed = true
      subject = permit.subject.name.string
      rule = permit.rule.citation
    case .denial(let denial):
      isAllowed = false
      subject = denial.subject?.name.string
      rule = denial.rule?.citation
      reason = denial.reason
      message = String(decoding: denial.message, as: UTF8.self)
    }
  }
}
