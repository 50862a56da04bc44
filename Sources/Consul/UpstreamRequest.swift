// What Consul receives: written from what was judged, and from nothing else.

package import HTTP
internal import Peering
internal import Policy
package import Record

/// The bytes of one request to Consul, and the intent they are written from.
///
/// Nothing of the client's bytes is copied: target and body come from the canonical request, and the fields are
/// the settings' own, this list and no others.
package struct UpstreamRequest: ~Copyable {
  package let intent: Intent
  let bytes: [UInt8]

  /// - Parameter fields: of the caller that the permit is for.
  package init(_ intent: consuming Intent, fields: ForwardedFields, id: FieldValue) {
    let request = intent.permit.request
    precondition(fields.caller === request.caller, "another caller's token")
    self.intent = intent
    let body = request.upstreamBody()
    var writer = HeadWriter(request: request.method, target: request.upstreamTarget())
    writer.lines(fields.lines)
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
