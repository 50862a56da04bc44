// Who may do what at the embedded Consul: no policies, only tokens with a level.

package import Bytes

/// Consul's ACL system is not rebuilt. With it on, a request shows one of the tokens known here and has that
/// token's level; everything else is answered in Consul's words.
package struct AccessControl: Sendable, CustomStringConvertible {
  package enum Level: Int, Sendable, Comparable {
    case none, read, write

    package static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
  }

  package struct Grant: Sendable {
    package let accessorID: ByteString
    package let level: Level

    package init(accessorID: ByteString, level: Level) {
      self.accessorID = accessorID
      self.level = level
    }
  }

  private let grants: [ByteString: Grant]
  private let anonymous: Level
  /// What `X-Consul-Default-Acl-Policy` says.
  var defaultPolicy: String { isEnabled ? "deny" : "allow" }
  private let isEnabled: Bool

  private init(grants: [ByteString: Grant], anonymous: Level, isEnabled: Bool) {
    self.grants = grants
    self.anonymous = anonymous
    self.isEnabled = isEnabled
  }

  package var description: String { "default policy \(defaultPolicy), \(grants.count) tokens" }

  /// `acl.enabled = false`: any token text, or none, may do everything.
  package static let disabled = AccessControl(grants: [:], anonymous: .write, isEnabled: false)

  /// One token opens everything.
  package static func requiring(token: ByteString, accessorID: ByteString) -> AccessControl {
    granting([token: Grant(accessorID: accessorID, level: .write)])
  }

  /// - Parameter grants: by secret.
  package static func granting(_ grants: [ByteString: Grant], anonymous: Level = .none) -> AccessControl {
    AccessControl(grants: grants, anonymous: anonymous, isEnabled: true)
  }

  /// Nil: allowed.
  func denial(of needed: Level, token: ByteString?) -> Denial? {
    guard isEnabled else { return nil }
    guard let token, !token.isEmpty, token != "anonymous" else {
      return anonymous >= needed ? nil : .anonymous(needed)
    }
    // Consul keeps three words for its built-in authorizers.
    if ["allow", "deny", "manage"].contains(token) { return .rootToken }
    guard let grant = grants[token] else { return .unknownToken }
    return grant.level >= needed ? nil : .lacking(needed, accessorID: grant.accessorID)
  }

  enum Denial: Sendable, Hashable {
    case anonymous(Level)
    case lacking(Level, accessorID: ByteString)
    case unknownToken
    case rootToken

    var status: Int { self == .rootToken ? 500 : 403 }

    var text: String {
      switch self {
      case .anonymous(let level):
        "Permission denied: anonymous token lacks permission 'peering:\(level)'. The anonymous token is used "
          + "implicitly when a request does not specify a token."
      case .lacking(let level, let accessorID):
        "Permission denied: token with AccessorID '\(accessorID)' lacks permission 'peering:\(level)'"
      case .unknownToken: "ACL not found"
      case .rootToken: "Cannot resolve root ACL"
      }
    }
  }
}
