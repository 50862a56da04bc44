// A refusal: what the client reads, and what the log says.
internal import HTTP
package import Peering

package struct Denial: Error {
  package enum Reason: Sendable, Hashable {
    /// The subject is known and no rule of it grants what was asked.
    case lacksPermission
    /// The same whatever the name is, which is not known: the body that would say it was not read.
    case grantsNothing
    case unknownToken
    // The token is known but does not count on this connection now. The client reads the same as for an
    // unknown one: anyone who found or stole a secret learns nothing about it.
    case tokenRevoked
    case tokenNotYetValid
    case tokenExpired
    case sourceNotAllowed
    case certificateNotAllowed
  }

  package let reason: Reason
  /// Nil only for an unknown token.
  package let subject: Subject?
  /// The rule that decided; nil when no rule matched or the token was not accepted.
  package let rule: Rule?
  package let operation: Operation
  package let peer: PeerName?

  init(_ reason: Reason, subject: Subject?, rule: Rule? = nil, operation: Operation, peer: PeerName?) {
    self.reason = reason
    self.subject = subject
    self.rule = rule
    self.operation = operation
    self.peer = peer
  }

  /// The body of the 403, in Consul's words (acl/errors.go), with the peer's name as Consul names other
  /// resources. It tells the caller its own accessor ID, as Consul does.
  package var message: [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(PolicyLimits.usualMessageBytes)
    guard reason == .lacksPermission || reason == .grantsNothing, let subject else {
      text.append("ACL not found")
      return text
    }
    if subject.isAnonymous {
      text.append("Permission denied: anonymous token lacks permission '")
    } else {
      text.append("Permission denied: token with AccessorID '")
      text.append(subject.accessorID.text.utf8.span)
      text.append("' lacks permission '")
    }
    text.append(operation.access == .read ? "peering:read'" : "peering:write'")
    if let peer {
      text.append(" on \"")
      peer.withBytes { text.append($0) }
      text.append(UInt8(ascii: "\""))
    }
    if subject.isAnonymous {
      text.append(". The anonymous token is used implicitly when a request does not specify a token.")
    }
    return text
  }

  /// One word for the audit record and for counters.
  package var code: StaticString {
    switch reason {
    case .lacksPermission: rule == nil ? "no_rule" : "rule"
    case .grantsNothing: "no_grant"
    case .unknownToken: "unknown_token"
    case .tokenRevoked: "token_revoked"
    case .tokenNotYetValid: "token_not_yet_valid"
    case .tokenExpired: "token_expired"
    case .sourceNotAllowed: "source_not_allowed"
    case .certificateNotAllowed: "certificate_not_allowed"
    }
  }

  /// The rule's file, line and text, or why none decided: for the audit record and the operator, who may know
  /// more than the client.
  package var citation: String { rule?.citation ?? reason.text }
}

extension Denial.Reason {
  package var text: String {
    switch self {
    case .lacksPermission: "no rule matches"
    case .grantsNothing: "no rule grants it, whatever the name"
    case .unknownToken: "no token has this secret"
    case .tokenRevoked: "the token is revoked"
    case .tokenNotYetValid: "the token is not valid yet"
    case .tokenExpired: "the token has expired"
    case .sourceNotAllowed: "the token may not come from this address"
    case .certificateNotAllowed: "the token demands a client certificate that was not shown"
    }
  }
}
