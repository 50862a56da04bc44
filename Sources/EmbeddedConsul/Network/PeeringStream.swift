// A stream between two datacenters, seen from both ends.

import Bytes

struct PeeringStream: Sendable {
  enum Side: Sendable, Hashable {
    case dialer, acceptor

    var opposite: Side { self == .dialer ? .acceptor : .dialer }
  }

  /// Each end learns only what arrives: over a severed link one end may be gone long before the other
  /// notices.
  struct End: Sendable {
    let datacenter: Int
    let peeringID: ByteString
    var isOpen = true
    var heardAt: Timestamp
  }

  private var dialer: End
  private var acceptor: End

  init(dialer: End, acceptor: End) {
    self.dialer = dialer
    self.acceptor = acceptor
  }

  subscript(side: Side) -> End {
    get { side == .dialer ? dialer : acceptor }
    set {
      switch side {
      case .dialer: dialer = newValue
      case .acceptor: acceptor = newValue
      }
    }
  }

  var isOver: Bool { !dialer.isOpen && !acceptor.isOpen }
}
