// The field lines to Consul that stay the same as long as who asks and the settings do.

package import HTTP
package import Peering

package final class ForwardedFields {
  package let caller: Caller
  package let settings: UpstreamSettings
  let lines: FieldLines

  /// - Parameters:
  ///   - fields: of the client's request.
  ///   - address: the client's.
  package init(of fields: Fields, by caller: Caller, to settings: UpstreamSettings, from address: FieldValue?)
  {
    self.caller = caller
    self.settings = settings
    lines = FieldLines { lines in
      lines.lines(settings.commonFields)
      lines.field(.xConsulToken, settings.token(for: caller.credential))
      if let agent = fields[.userAgent] { lines.field(.userAgent, agent) }
      // Overwritten, not appended to: what the client says about where it comes from is hearsay.
      if let address { lines.field(.xForwardedFor, address) }
      if let trace = TraceParent.only(in: fields) { lines.field(.traceparent, trace) }
    }
  }
}
