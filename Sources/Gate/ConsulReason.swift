// Why Consul did not do what it was asked, for the record.

internal import Audit
internal import Peering

/// Consul's own sentence. Its errors are plain text, and none that is known repeats a secret; in one that does, it is
/// hidden before anything is cut off.
struct ConsulReason {
  let text: [UInt8]

  /// - Parameter gateSecret: the token that the gate shows in place of the caller's, if it does.
  init(_ reply: UpstreamReply, secrets: PresentedSecrets, gateSecret: Credential?) {
    let own = PresentedSecrets(credential: gateSecret)
    let sentence = Array(reply.body.prefix(GateLimits.inspectedReasonBytes))
    text =
      Array("Consul: ".utf8) + own.hidden(in: secrets.hidden(in: sentence)).prefix(AuditLimits.reasonBytes)
  }
}
