// What Consul receives: written from what was judged, and from nothing else.

internal import HTTP
internal import Peering

/// The bytes of one request to Consul.
///
/// Nothing of the client's bytes is copied: target and body come from the canonical request, and the fields are
/// the settings' own, this list and no others.
struct UpstreamRequest {
  let bytes: [UInt8]

  init(
    _ request: PeeringRequest, token: FieldValue, settings: UpstreamSettings, client: Client,
    id: RequestID, head: RequestHead
  ) {
    let body = request.upstreamBody()
    var writer = HeadWriter(request: request.method, target: request.upstreamTarget())
    writer.lines(settings.commonFields)
    writer.field(.xConsulToken, token)
    if let agent = head.fields[.userAgent] { writer.field(.userAgent, agent) }
    // Overwritten, not appended to: what the client says about where it comes from is hearsay.
    if let address = client.forwardedFor { writer.field(.xForwardedFor, address) }
    writer.field(.xRequestID, id.field)
    if let trace = head.fields[.traceparent], TraceParent.isValid(trace) {
      writer.field(.traceparent, trace)
    }
    if let body {
      writer.field(.contentType, literal: "application/json")
      writer.field(.contentLength, UInt64(body.count))
    }
    var message = writer.finish()
    if let body { message.append(contentsOf: body) }
    bytes = message
  }
}
