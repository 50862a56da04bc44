// Code that must not compile.

/// One way around a step of the walk, written as if it stood in `Gate`.
struct Forgery {
  let name: String
  /// Parameters of the function that the code stands in.
  let given: String
  let code: String
  /// What the compiler says of it.
  let error: String

  var text: String {
    "func forgery(\(given)) async throws {\n  \(code)\n}\n"
  }
}

extension Forgery {
  /// Told by names and types alone.
  static let ofAccess = [
    // Judge → Admission → AdmittedRequest → Permit
    Forgery(
      name: "an admission that nobody judged", given: "head: PeeringRequestHead, subject: Subject",
      code: "_ = Admission(head: head, subject: subject)", error: "inaccessible due to 'internal'"),
    Forgery(
      name: "a whole request of nobody who was admitted", given: "request: PeeringRequest, subject: Subject",
      code: "_ = AdmittedRequest(request: request, subject: subject)",
      error: "inaccessible due to 'fileprivate'"),
    Forgery(
      name: "a permit that nobody gave",
      given: "request: PeeringRequest, subject: Subject, rule: Rule, visibility: Visibility",
      code: "_ = Permit(request: request, subject: subject, rule: rule, visibility: visibility)",
      error: "inaccessible due to 'internal'"),
    Forgery(
      name: "a permit for another request", given: "permit: inout Permit, other: PeeringRequest",
      code: "permit.request = other", error: "'request' is a 'let' constant"),
    // Permit → Intent
    Forgery(
      name: "a change without an intent",
      given: "permit: consuming Permit, fields: ForwardedFields, id: FieldValue",
      code: "_ = UpstreamRequest(permit, fields: fields, id: id)",
      error: "cannot convert value of type 'Permit' to expected argument type 'Intent'"),
    Forgery(
      name: "an intent that is not on record", given: "permit: consuming Permit", code: "_ = Intent(permit)",
      error: "inaccessible due to 'fileprivate'"),
    Forgery(
      name: "an intent that is on its way to no record", given: "permit: consuming Permit",
      code: "_ = PendingIntent(permit: permit, completion: nil)", error: "inaccessible due to 'fileprivate'"),
    // Intent → UpstreamRequest
    Forgery(
      name: "another request than the permitted one", given: "intent: inout Intent, other: consuming Permit",
      code: "intent.permit = other", error: "'permit' is a 'let' constant"),
    Forgery(
      name: "bytes of another's making", given: "request: borrowing UpstreamRequest, upstream: Upstream",
      code: "_ = request.bytes", error: "inaccessible due to 'internal'"),
    Forgery(
      name: "a connection to Consul without a request",
      given: "pool: UpstreamPool, usage: SubjectUsage, waiter: Waiter",
      code: "_ = try await pool.acquire(.any, of: usage, waitingIn: waiter)",
      error: "inaccessible due to 'internal'"),
    // UpstreamRequest → UpstreamResponse + Visibility
    Forgery(
      name: "an unfiltered list", given: "response: borrowing UpstreamResponse",
      code: "_ = Response(status: .ok, body: response.reply.body)", error: "inaccessible due to 'internal'"),
    Forgery(
      name: "a list of which all may be seen", given: "response: inout UpstreamResponse",
      code: "response.visibility = .whole", error: "inaccessible"),
    Forgery(
      name: "a visibility of another request", given: "request: PeeringRequest, subject: Subject",
      code: "_ = Visibility(of: request, to: subject)", error: "inaccessible due to 'internal'"),
    Forgery(
      name: "a visibility that is not stated", given: "permit: borrowing Permit",
      code: "let visibility: Visibility? = nil; _ = visibility ?? Visibility()",
      error: "inaccessible due to 'internal'"),
    Forgery(
      name: "a response of Consul's to another request", given: "request: consuming UpstreamRequest",
      code: "_ = UpstreamResponse(to: request, UpstreamMessage())", error: "UpstreamMessage"),
    // Response → RecordedResponse
    Forgery(
      name: "an outcome proof for a change by way of a read's", given: "ledger: Ledger",
      code: "_ = ledger.count(.read)", error: "missing arguments for parameters 'of', 'for'"),
    Forgery(
      name: "a response that is not on record", given: "response: Response",
      code: "_ = RecordedResponse(response)", error: "inaccessible due to 'fileprivate'"),
  ]

  /// Told by who has what: the compiler looks at that once names and types are right.
  static let ofOwnership = [
    Forgery(
      name: "one admission, judged twice", given: "admission: consuming Admission, body: [UInt8]",
      code: "_ = try admission.completed(by: body.span); _ = try admission.completed(by: body.span)",
      error: "'admission' consumed more than once"),
    Forgery(
      name: "one permit for two intents",
      given: "permit: consuming Permit, draft: borrowing RecordDraft, ledger: Ledger",
      code: "_ = ledger.append(permit, draft, at: .full); _ = ledger.append(permit, draft, at: .full)",
      error: "'permit' consumed more than once"),
    Forgery(
      name: "one intent for two requests",
      given: "intent: consuming Intent, fields: ForwardedFields, id: FieldValue",
      code:
        "_ = UpstreamRequest(intent, fields: fields, id: id); _ = UpstreamRequest(intent, fields: fields, id: id)",
      error: "'intent' consumed more than once"),
    Forgery(
      name: "one request that is sent twice",
      given:
        "request: consuming UpstreamRequest, to upstream: Upstream, caller: any UpstreamCaller, usage: SubjectUsage",
      code:
        "_ = try await upstream.ask(request, for: caller, within: usage); _ = try await upstream.ask(request, for: caller, within: usage)",
      error: "'request' consumed more than once"),
    Forgery(
      name: "one response that leaves twice",
      given:
        "response: consuming RecordedResponse, on channel: Channel, form: ResponseForm, id: FieldValue, date: FieldValue",
      code:
        "_ = response.write(to: channel, as: form, id: id, date: date, closing: false); _ = response.write(to: channel, as: form, id: id, date: date, closing: false)",
      error: "'response' consumed more than once"),
  ]

  /// The honest walk: that it compiles shows that the others fail for the right reason.
  static let honest = Forgery(
    name: "the walk",
    given:
      "permit: consuming Permit, draft: borrowing RecordDraft, ledger: Ledger, waiter: Waiter, fields: ForwardedFields, id: FieldValue, upstream: Upstream, caller: any UpstreamCaller, usage: SubjectUsage, loop: EventLoop",
    code: """
      let pending = ledger.append(permit, draft, at: .full)
        let intent = try await ledger.keep(pending, waitingIn: waiter)
        let request = UpstreamRequest(intent, fields: fields, id: id)
        let response = try await upstream.ask(request, for: caller, within: usage)
        var (shown, _) = try response.heading(hiding: .none, askedWith: nil)
        if response.isList { shown.body = try await response.visibleList(on: loop)?.body ?? [] }
      """, error: "")
}
