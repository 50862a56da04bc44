// Why a well-formed HTTP request is not one of the five operations, and how to say so.

package import HTTP

/// Always the caller's fault. Texts are Consul's where Consul has one for the same fault, and safe to log:
/// they quote names and keys, made printable and cut short, never a value that may be secret.
package enum Refusal: Error, Sendable, Hashable {
  // Routing
  case notServed
  case methodNotAllowed(Method, AllowedMethods)
  case missingName
  case invalidNameInPath(QuotedInput)
  // Query
  case tokenInQuery
  case unknownParameter(QuotedInput)
  case repeatedParameter(String)
  case emptyParameter
  case semicolonInQuery
  case flagWithValue(String)
  case invalidIndex
  case invalidWait
  case staleWithConsistent
  case cachedWithConsistent
  // Credential and partition
  case repeatedField(FieldName)
  case credentialsDiffer
  case invalidCredential
  case invalidPartition(PartitionPlace)
  case partitionsDisagree(PartitionPlace, PartitionPlace)
  // Body
  case unexpectedBody(Method)
  /// The words of a decoder, and a key of the body that they quote.
  case undecodableBody(String, key: QuotedInput? = nil)
  case missingPeerName(Operation)
  case missingPeeringToken
  case invalidPeerName(QuotedInput)

  package var status: StatusCode {
    switch self {
    case .notServed: .forbidden
    case .methodNotAllowed: .methodNotAllowed
    default: .badRequest
    }
  }

  /// What to put into `Allow`; required with 405.
  package var allowed: AllowedMethods? {
    if case .methodNotAllowed(_, let allowed) = self { allowed } else { nil }
  }
}

extension Refusal: CustomStringConvertible {
  /// The body of the answer, and the reason in the log.
  package var description: String {
    switch self {
    case .notServed: "Endpoint is not served by this gate"
    case .methodNotAllowed(let method, _):
      // The method is a token of the client's, of any length: printable, but to be cut.
      "method \(Self.quoted(method)) not allowed"
    case .missingName: "Must specify a name to fetch."
    case .invalidNameInPath(let name):
      "\(name) is not a valid peer name: \(Self.nameRule); "
        + "write it into the path without escapes or a trailing slash"
    case .tokenInQuery:
      "the query parameter token is refused, since URLs end up in logs: send the token in X-Consul-Token"
    case .unknownParameter(let name):
      "the query parameter \(name) is not known: leave it out "
        + "(known are partition, index, wait, consistent, stale, cached, pretty)"
    case .repeatedParameter(let name): "the query parameter \(name) is repeated: send it once"
    case .emptyParameter: "the query holds an empty parameter: separate parameters with one '&'"
    case .semicolonInQuery:
      "the query holds a ';': separate parameters with '&', and escape it in values as %3B"
    case .flagWithValue(let name):
      "the query parameter \(name) takes no value: send '\(name)', or leave it out"
    case .invalidIndex: "Invalid index"
    case .invalidWait: "Invalid wait time"
    case .staleWithConsistent: "Cannot specify ?stale with ?consistent, conflicting semantics."
    case .cachedWithConsistent: "Cannot specify ?cached with ?consistent, conflicting semantics."
    case .repeatedField(let name): "\(name) is sent more than once: send it once"
    case .credentialsDiffer: "X-Consul-Token and Authorization carry different tokens: send one of them"
    case .invalidCredential:
      "the token is not valid: send 1 to \(PeeringLimits.credentialBytes) visible ASCII characters "
        + "without blanks"
    case .invalidPartition(let place):
      "\(place.description) is not a valid partition name: send lower case alphanumeric characters or '-'"
    case .partitionsDisagree(let first, let second):
      "\(first.description) and \(second.description) name different partitions: send the same, or only one"
    case .unexpectedBody(let method): "a \(method) request has no body here: send it without one"
    case .undecodableBody(let reason, _): "Body decoding failed: \(reason)"
    case .missingPeerName(.establish):
      "PeerName is required in the payload when establishing a peering."
    case .missingPeerName:
      "PeerName is required in the payload when generating a new peering token."
    case .missingPeeringToken: "PeeringToken is required in the payload when establishing a peering."
    case .invalidPeerName(let name): "\(name) is not a valid peer name: \(Self.nameRule)"
    }
  }

  /// What of the request stands in the description.
  package var quoted: QuotedInput? {
    switch self {
    case .methodNotAllowed(let method, _): Self.quoted(method)
    case .invalidNameInPath(let input), .unknownParameter(let input), .invalidPeerName(let input): input
    case .undecodableBody(_, let key): key
    default: nil
    }
  }

  private static func quoted(_ method: Method) -> QuotedInput { QuotedInput(method.description, as: .bare) }

  private static let nameRule =
    "a valid peering name must consist of lower case alphanumeric characters or '-', and must start and end "
    + "with an alphanumeric character"
}
