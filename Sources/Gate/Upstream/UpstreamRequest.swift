// What Consul receives: written from what was judged, and from nothing else.

internal import HTTP
internal import Peering
internal import Policy
internal import Record

/// The bytes of one request to Consul, and the intent they are written from.
///
/// Nothing of the client's bytes is copied: target and body come from the canonical request, and the fields are
/// the settings' own, this list and no others.
struct UpstreamRequest: ~Copyable {
  let intent: Intent
  let bytes: [UInt8]

  /// `lines` are those of `CallerFields`.
  init(_ intent: consuming Intent, lines: FieldLines, id: FieldValue) {
    let request = intent.permit.request
    self.intent = intent
    let body = request.upstreamBody()
    var writer = HeadWriter(request: request.method, target: request.upstreamTarget())
    writer.lines(lines)
    writer.field(.xRequestID, id)
    if let body {
      writer.field(.contentType, literal: "application/json")
      writer.field(.contentLength, UInt64(body.count))
    }
    var message = writer.finish()
    if let body { message.append(contentsOf: body) }
    bytes = message
  }
}
