// Which gate: the name by which the logs of many are told apart.
package import Bytes
import Glibc

/// 1 to 64 of A–Z a–z 0–9 . _ - : it stands in lines, in file names and in searches.
package struct GateName: Sendable, Equatable {
  package let text: String

  package init?(_ text: ByteString) {
    guard (1...AuditLimits.gateNameBytes).contains(text.count), text.utf8.allSatisfy(Self.isPlain) else {
      return nil
    }
    self.text = text.string
  }

  /// The host's name, whatever does not fit into a name written as `-`.
  package static let ofHost = GateName(hostName: MachineName.current)

  init(hostName: [UInt8]) {
    let bytes = hostName.prefix(AuditLimits.gateNameBytes).map { Self.isPlain($0) ? $0 : UInt8(ascii: "-") }
    text = bytes.isEmpty ? "peergate" : String(decoding: bytes, as: UTF8.self)
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"): true
    default: false
    }
  }
}
