// How a peer says why it gives up (RFC 8446 6.2).

internal import COpenSSL

package struct Alert: Hashable, Sendable {
  package let code: UInt8

  package init(code: UInt8) { self.code = code }

  /// An alert that was received is in the error queue with its number above an offset.
  init?(errorReason reason: Int32) {
    guard let code = UInt8(exactly: reason - SSL_AD_REASON_OFFSET) else { return nil }
    self.code = code
  }

  /// `unknown CA`
  package var name: String { unsafe String(cString: SSL_alert_desc_string_long(Int32(code))) }

  var reason: String { "\(name) (alert \(code))" }
}
