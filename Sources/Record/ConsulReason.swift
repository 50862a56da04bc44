// Why Consul did not do what it was asked, for the record.

internal import Audit

/// Consul's own sentence, or that of whatever stands before it. Its errors are plain text, and none that is known repeats a
/// secret; in one that does, each is hidden already, and of what else is as long as a piece of a peering token the beginning
/// is written, and a digest.
package struct ConsulReason {
  package let text: [UInt8]

  /// - Parameter sentence: with the request's secrets hidden.
  package init(_ sentence: [UInt8], isShown: Bool, _ digester: TextDigester) {
    let text = RecordedText(secrets: .none, digester: digester)
    let beginning = Array((isShown ? "Consul: " : "Consul (not shown to the client): ").utf8)
    let shown = beginning + text.sentence(sentence.prefix(RecordLimits.inspectedReasonBytes))
    let rest = sentence.dropFirst(RecordLimits.inspectedReasonBytes)
    guard shown.count > AuditLimits.reasonBytes || !rest.isEmpty else {
      self.text = shown
      return
    }
    let end = min(shown.count, AuditLimits.reasonBytes - RecordLimits.cutMarkBytes)
    self.text = shown[..<end] + text.mark(for: shown[end...] + rest)
  }
}
