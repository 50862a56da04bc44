// The two versions of TLS that are spoken.

internal import Bytes
internal import COpenSSL

package enum ProtocolVersion: Int, Sendable, Hashable, Comparable, CaseIterable {
  case tls12
  case tls13

  /// As Consul's `tls_min_version` writes it; nil for anything else, TLSv1_0 and TLSv1_1 included.
  package init?(setting: String) {
    switch ByteString(setting) {
    case "TLSv1_2": self = .tls12
    case "TLSv1_3": self = .tls13
    default: return nil
    }
  }

  package var name: String {
    switch self {
    case .tls12: "TLSv1.2"
    case .tls13: "TLSv1.3"
    }
  }

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

  init?(wire: Int32) {
    switch wire {
    case TLS1_2_VERSION: self = .tls12
    case TLS1_3_VERSION: self = .tls13
    default: return nil
    }
  }

  var wire: Int32 {
    switch self {
    case .tls12: TLS1_2_VERSION
    case .tls13: TLS1_3_VERSION
    }
  }
}
