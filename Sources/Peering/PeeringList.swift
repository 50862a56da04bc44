// The list that Consul answers with, reduced to what a caller may see.

import HTTP
import JSON

/// Why a list cannot be shown: it is Consul's fault, and 502. An element that cannot be judged is never
/// passed on.
package enum ListFault: Error, Sendable, Hashable {
  case malformed(String)
  case noObject(element: Int)
  case noName(element: Int)
  case ambiguousName(element: Int)
  case invalidPartition(element: Int)
}

/// What is left of a list.
package struct PeeringList: Sendable {
  /// Kept elements as they came, byte by byte. The very reply if nothing was removed.
  package let body: [UInt8]
  package let kept: Int
  package let removed: Int

  /// Keeps the elements of `reply` for which `isVisible` is true: see `PeeringListFilter`, whose turns follow each other here.
  package static func filter(
    _ reply: consuming [UInt8], isVisible: (Span<UInt8>, Partition?) -> Bool
  ) throws(ListFault) -> PeeringList {
    var filter = PeeringListFilter(reply)
    while true {
      if let list = try filter.advance(isVisible: isVisible) { return list }
    }
  }
}

extension ListFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .malformed(let reason): "the list is not JSON: \(reason)"
    case .noObject(let element): "element \(element) of the list is not an object"
    case .noName(let element): "element \(element) of the list has no Name"
    case .ambiguousName(let element): "element \(element) of the list has more than one Name"
    case .invalidPartition(let element): "element \(element) of the list has a Partition that is not valid"
    }
  }
}
