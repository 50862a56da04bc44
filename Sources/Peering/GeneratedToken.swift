// The secret in Consul's reply to generate.

import Bytes
import JSON

package enum GeneratedToken {
  /// Lends the peering token of a reply, for its digest; nil if the reply has another form than Consul's.
  @discardableResult
  package static func withBytes<Result>(
    in reply: Span<UInt8>, _ body: (Span<UInt8>) -> Result
  ) -> Result? {
    let limits = Limits(
      textBytes: PeeringLimits.shortReplyBytes, depth: PeeringLimits.bodyDepth,
      values: PeeringLimits.bodyValues)
    guard let token = (try? Document.parse(reply, limits: limits))?["PeeringToken"]?.string else {
      return nil
    }
    return body(token.utf8.span)
  }
}
