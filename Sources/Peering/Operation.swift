// The five things that can be done to peerings through the gate.

package import HTTP

package enum Operation: String, Sendable, Hashable, CaseIterable {
  case generate, establish, read, delete, list

  /// The right that it needs.
  package var access: Access {
    switch self {
    case .generate, .establish, .delete: .write
    case .read, .list: .read
    }
  }

  /// Changes have their intent recorded before Consul is asked.
  package var isChange: Bool { access == .write }

  package var method: Method {
    switch self {
    case .generate, .establish: .post
    case .read, .list: .get
    case .delete: .delete
    }
  }

  /// Whether its body says what it is about. The others have none.
  package var hasContent: Bool { method == .post }
}

/// The two rights that Consul knows for peerings.
package enum Access: String, Sendable, Hashable, CaseIterable {
  case read, write
}

extension Operation: CustomStringConvertible {
  package var description: String { rawValue }
}

extension Access: CustomStringConvertible {
  package var description: String { rawValue }
}
