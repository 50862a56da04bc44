// Why Consul did not do what it was asked, for the record.

internal import Audit
internal import Peering

/// Consul's own sentence. Its errors are plain text, and none that is known repeats a secret; in one that does, it is
/// hidden before anything is cut off.
struct ConsulReason {
  let text: [UInt8]

  /// - Parameters:
  ///   - gateSecret: the token that the gate shows in place of the caller's, if it does.
  ///   - digester: for what is cut off.
  init(
    _ reply: UpstreamReply, secrets: PresentedSecrets, gateSecret: Credential?,
    digester: TextDigester
  ) {
    let own = PresentedSecrets(credential: gateSecret)
    let inspected = Array(reply.body.prefix(GateLimits.inspectedReasonBytes))
    let sentence =
      Array("Consul: ".utf8) + own.hidden(in: secrets.hidden(in: inspected))
      + reply.body.dropFirst(GateLimits.inspectedReasonBytes)
    guard sentence.count > AuditLimits.reasonBytes else {
      text = sentence
      return
    }
    let shown = AuditLimits.reasonBytes - GateLimits.cutMarkBytes
    text =
      sentence.prefix(shown)
      + RecordedText(secrets: secrets, digester: digester).mark(for: sentence[shown...])
  }
}
