// Field names this program knows, in the spelling it sends, recognised once while a head is read.

/// A field that somebody above this layer looks at or writes. All others are parsed, counted and dropped:
/// what is not on this list cannot be forwarded.
package enum FieldName: UInt8, Sendable, Hashable, CaseIterable {
  case accept, acceptEncoding, accessControlRequestMethod, allow, authorization, cacheControl, connection
  case contentEncoding, contentLength, contentType, cookie, date, expect, forwarded, host, keepAlive, location
  case proxyAuthenticate, proxyAuthorization, proxyConnection, retryAfter, server, te, trailer,
    transferEncoding
  case upgrade, userAgent, vary, via
  case traceparent, xForwardedFor, xRequestID
  case xConsulToken, xConsulPartition, xConsulNamespace
  case xConsulIndex, xConsulKnownLeader, xConsulLastContact, xConsulQueryBackend, xConsulDefaultACLPolicy
  case xConsulResultsFilteredByACLs, xConsulTranslateAddresses, xConsulEffectiveConsistency

  /// The spelling that is sent. Consul's own fields are spelt as Go's HTTP server writes them.
  package var spelling: StaticString {
    switch self {
    case .accept: "Accept"
    case .acceptEncoding: "Accept-Encoding"
    case .accessControlRequestMethod: "Access-Control-Request-Method"
    case .allow: "Allow"
    case .authorization: "Authorization"
    case .cacheControl: "Cache-Control"
    case .connection: "Connection"
    case .contentEncoding: "Content-Encoding"
    case .contentLength: "Content-Length"
    case .contentType: "Content-Type"
    case .cookie: "Cookie"
    case .date: "Date"
    case .expect: "Expect"
    case .forwarded: "Forwarded"
    case .host: "Host"
    case .keepAlive: "Keep-Alive"
    case .location: "Location"
    case .proxyAuthenticate: "Proxy-Authenticate"
    case .proxyAuthorization: "Proxy-Authorization"
    case .proxyConnection: "Proxy-Connection"
    case .retryAfter: "Retry-After"
    case .server: "Server"
    case .te: "TE"
    case .trailer: "Trailer"
    case .transferEncoding: "Transfer-Encoding"
    case .upgrade: "Upgrade"
    case .userAgent: "User-Agent"
    case .vary: "Vary"
    case .via: "Via"
    case .traceparent: "Traceparent"
    case .xForwardedFor: "X-Forwarded-For"
    case .xRequestID: "X-Request-Id"
    case .xConsulToken: "X-Consul-Token"
    case .xConsulPartition: "X-Consul-Partition"
    case .xConsulNamespace: "X-Consul-Namespace"
    case .xConsulIndex: "X-Consul-Index"
    case .xConsulKnownLeader: "X-Consul-Knownleader"
    case .xConsulLastContact: "X-Consul-Lastcontact"
    case .xConsulQueryBackend: "X-Consul-Query-Backend"
    case .xConsulDefaultACLPolicy: "X-Consul-Default-Acl-Policy"
    case .xConsulResultsFilteredByACLs: "X-Consul-Results-Filtered-By-Acls"
    case .xConsulTranslateAddresses: "X-Consul-Translate-Addresses"
    case .xConsulEffectiveConsistency: "X-Consul-Effective-Consistency"
    }
  }

  /// RFC 9110 7.6.1: fields of one connection, which a proxy removes before it forwards. Those that a
  /// Connection field names come on top: see `Fields.isHopByHop`.
  package var isHopByHop: Bool {
    switch self {
    case .connection, .keepAlive, .proxyAuthenticate, .proxyAuthorization, .proxyConnection, .te, .trailer,
      .transferEncoding, .upgrade:
      true
    default: false
    }
  }
}

/// A set of known names.
package struct FieldNames: Sendable, ExpressibleByArrayLiteral {
  /// One bit for each, as in `Fields`.
  let bits: UInt64

  package init(arrayLiteral names: FieldName...) {
    bits = names.reduce(0) { $0 | 1 << UInt64($1.rawValue) }
  }

  package func contains(_ name: FieldName) -> Bool { bits & 1 << UInt64(name.rawValue) != 0 }
}

extension FieldName: CustomStringConvertible {
  package var description: String { "\(spelling)" }
}
