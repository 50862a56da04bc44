// What is made of the fields of a request, beside reading them.

internal import Audit
internal import Consul
internal import HTTP
internal import Peering
internal import Record

/// Of the fields of one request: who sent it, what Consul is sent of them, and what is recorded of them.
///
/// They seldom change from one request of a connection to the next, so this is made again only when they do, as
/// `RelayedFields` is for the replies of a connection to Consul.
final class CallerFields {
  let fields: Fields
  let secrets: PresentedSecrets
  let words: Entry.Words
  /// The client's own X-Request-Id, if there is one and it is safe to log and to send on.
  let requestID: FieldValue?
  /// Known once a request with these fields turned out to be one of the five.
  var caller: Caller?
  private var forwarded: ForwardedFields?

  /// `recorded` are those that the operator wants to see in the record beside the usual ones; `digester` is for what is
  /// cut from them.
  init(_ fields: Fields, recorded: [RecordableField], _ digester: TextDigester) {
    self.fields = fields
    secrets = PresentedSecrets(fields: fields)
    let text = RecordedText(secrets: secrets, digester: digester)
    requestID = Self.requestID(of: fields, as: text)
    words = Self.words(of: fields, recorded: recorded, as: text)
  }

  private static func requestID(of fields: Fields, as text: RecordedText) -> FieldValue? {
    RequestIdentifier.only(in: fields).flatMap { text.secrets.stand(in: $0.bytes.span) ? nil : $0 }
  }

  /// Of a request whose body has a secret as well: that must not stand in the record either.
  static func words(of fields: Fields, recorded: [RecordableField], as text: RecordedText) -> Entry.Words {
    var headers: [Entry.Header] = []
    for field in recorded {
      if let value = fields[field] {
        headers.append(.init(name: field.name, value: Array(text.listed(value[...]))))
      }
    }
    let trace = TraceParent.only(in: fields).map(TraceParent.traceID)
    return Entry.Words(
      requestID: requestID(of: fields, as: text)?.bytes,
      traceID: trace.flatMap { text.secrets.stand(in: $0.span) ? nil : $0 },
      userAgent: fields[.userAgent].map { text.words($0.bytes) },
      host: fields[.host].map { text.host($0.bytes) },
      headers: headers)
  }

  /// What Consul is sent of them.
  func forwarded(
    for caller: Caller, to settings: UpstreamSettings, from address: FieldValue?
  ) -> ForwardedFields {
    if let forwarded, forwarded.caller === caller, forwarded.settings === settings { return forwarded }
    let fields = ForwardedFields(of: fields, by: caller, to: settings, from: address)
    forwarded = fields
    return fields
  }
}
