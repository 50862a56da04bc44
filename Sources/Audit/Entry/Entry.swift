// What is recorded of one stage of one request.
package import JSON

/// One line of the audit log, before it is one. The order of fields is the format:
///
/// | field | content | present |
/// |---|---|---|
/// | `created_at` | when the line was made, RFC 3339 UTC with microseconds | always |
/// | `event_type` | `audit` (`audit-gap` and others: see `JournalRecord`) | always |
/// | `payload.id` | the gate's own name of the request, the same in both stages | always |
/// | `payload.version` | `1` | always |
/// | `payload.type` | `HTTPEvent` | always |
/// | `payload.timestamp` | when the stage was reached; here equal to `created_at` | always |
/// | `payload.gate` | name of the gate | when the operator wants it in every line; then it stands in those of `GateEvent` too |
/// | `payload.auth.accessor_id` | accessor of the token | when it is known which token was sent, or that none was; also of refused requests and of tokens that are revoked or expired |
/// | `payload.auth.description` | name of the token in the policy files | as above |
/// | `payload.auth.certificate_name` | the very name of the client's certificate, whole, by which the token is accepted: alone, or beside its secret | when the token asks for a certificate and that was shown |
/// | `payload.request.operation` | HTTP method | always |
/// | `payload.request.endpoint` | path without its query: queries have held secrets; what is not served is cut and digested where it may be one | always |
/// | `payload.request.remote_addr` | address and port of the client's end | always |
/// | `payload.request.request_id` | the client's `X-Request-Id`; any number of requests may have the same | when sent and valid |
/// | `payload.request.trace_id` | trace that the request is part of, from `traceparent` | when sent and valid |
/// | `payload.request.user_agent` | field `User-Agent`, long words cut and digested | when sent; not in reduced ones |
/// | `payload.request.host` | field `Host`, the same | when sent; not in reduced ones |
/// | `payload.request.headers` | further fields, as the operator listed them | when there are any; not in reduced ones |
/// | `payload.response.status` | status code, as text like Consul | `OperationComplete` |
/// | `payload.stage` | `OperationStart` or `OperationComplete` | always |
/// | `payload.level` | `reduced`: the fields so marked were left out | at that level |
/// | `payload.peering.operation` | `generate`, `establish`, `read`, `delete`, `list` | when it is one of them |
/// | `payload.peering.peer` | name of the peer, or `<hidden>` if the request presents it as a secret | when the operation has one, and it is known: the body of a request that its head refuses is not read |
/// | `payload.peering.partition` | partition | with `operation`, when it is known, as above |
/// | `payload.peering.access` | `read` or `write` | with `operation` |
/// | `payload.peering.token_digest` | keyed digest of the peering token made or spent: see `TokenDigester` | `OperationComplete` of generate, both stages of establish |
/// | `payload.peering.token.datacenter`, `.partition`, `.server_name`, `.peer_id`, `.addresses`, `.more_addresses`, `.ca_digests` | what that token says of the cluster that made it: where the other side will connect to, and whose certificates it will trust there | with `token_digest`, unless empty |
/// | `payload.peering.token.unclear` | `true`: it is no token that Consul makes | instead of the above |
/// | `payload.peering.kept`, `.removed` | elements of a list passed on and held back | answered lists |
/// | `payload.decision.outcome` | `allow`, `deny`, or `refuse` for what could not be judged | always |
/// | `payload.decision.rule` | file, line and text of the rule that decided | when a rule did; not in reduced ones |
/// | `payload.decision.policy_digest` | digest of the policies in force | when judged; not in reduced ones |
/// | `payload.shadow.difference` | `none`, `would_allow` or `would_deny`, by the shadow policies | when there are any |
/// | `payload.shadow.rule`, `.policy_digest` | the shadow policies' rule or reason, and its digest | with `difference` |
/// | `payload.upstream.address` | the Consul that was asked, of those that its name resolved to: the one whose reply it is, or that gave none | `OperationComplete`, when one was asked; not in reduced ones |
/// | `payload.upstream.repeated`, `.repeat_reason` | how often it was sent once more, on another connection, and why: `closed` (the one before had ended) or `request_timeout` (Consul was about to end it, and said so) | when it was |
/// | `payload.reason` | why it was denied or refused, or failed later | when it was |
/// | `payload.tls.version`, `.cipher`, `.group` | as negotiated | over TLS; not in reduced ones |
/// | `payload.tls.subject`, `.names` | subject, as RFC 2253 writes it, and alternative names of the client's certificate | when shown |
/// | `payload.duration_us` | microseconds from the request's first byte to this line | `OperationComplete` |
/// | `seq` | number of the line in its log, one more than the line before | always |
/// | `previous` | SHA-256 of the line before, in hexadecimal | always |
///
/// The first seven rows, those of `auth` but for its last, of `request` but for its last, and `response`, `stage` are the envelope of Consul Enterprise's audit log. Values
/// made of bytes come from a client and may be any: see `ClientText` for how they are written. Texts that stand in
/// many lines come quoted.
///
/// Not copyable: it holds some twenty references, and every step of a request's walk adds to the one entry.
package struct Entry: ~Copyable, Sendable {
  package var id: ArraySlice<UInt8>
  package var stage: Stage
  package var connection: Connection
  package var auth: Auth?
  package var request: Request
  package var peering: Peering?
  package var decision: Decision
  package var shadow: Shadow?
  package var upstream: Upstream?
  /// Why it was sent to that one a second time.
  package var repetition: Repetition?
  package var reason: [UInt8]?
  package var durationMicroseconds: UInt64?

  package init(
    id: consuming ArraySlice<UInt8>, stage: Stage, connection: Connection, request: consuming Request,
    decision: consuming Decision
  ) {
    self.id = id
    self.stage = stage
    self.connection = connection
    self.request = request
    self.decision = decision
  }

  /// Gives back the room that was made for escapes.
  package mutating func releaseMemory() {
    auth?.member.releaseRoom()
    request.words?.members.releaseRoom()
    peering?.beginning.releaseRoom()
  }

  package enum Stage: Sendable, Equatable {
    /// The decision to ask Consul for a change.
    case start
    /// The answer that the client is about to receive.
    case complete(status: Int)
  }

  /// How much of an entry is written.
  package enum Extent: Sendable {
    case full
    /// Who did what and what came of it, without the client's own words, the rule and the connection's TLS.
    case reduced
  }

  /// Who is known to ask: the same in many entries, so it is written when it is made.
  package struct Auth: Sendable {
    /// The member `auth` with its value.
    fileprivate(set) var member: [UInt8]

    package init(accessorID: String, tokenName: String, certificateName: String? = nil) {
      let length = accessorID.utf8.count + tokenName.utf8.count + (certificateName?.utf8.count ?? 0)
      member = .members(3, ofTexts: length) { member in
        member.append(#","auth":{"accessor_id":"#, accessorID)
        member.append(#","description":"#, tokenName)
        if let certificateName { member.append(#","certificate_name":"#, certificateName) }
        member.append(json: "}")
      }
    }
  }

  package struct Request: Sendable {
    /// The request line, as the client wrote it.
    let line: [UInt8]
    let methodRange: Range<Int>
    let endpointRange: Range<Int>
    package var words: Words?

    /// - Parameters:
    ///   - method: where in `line` the method stands.
    ///   - endpoint: where the path does; it is cut at the first `?`.
    package init(
      line: [UInt8] = [], method: Range<Int> = 0..<0, endpoint: Range<Int> = 0..<0, words: Words? = nil
    ) {
      precondition(max(method.upperBound, endpoint.upperBound) <= line.count)
      self.line = line
      methodRange = method
      endpointRange = endpoint
      self.words = words
    }

    package var method: ArraySlice<UInt8> { line[methodRange] }
    package var endpoint: ArraySlice<UInt8> { line[endpointRange] }
  }

  /// What a client says of itself: most often the same in all entries of a connection, so it is written when it is made.
  package struct Words: Sendable {
    /// The members `request_id` and `trace_id`, and behind them `user_agent`, `host` and `headers`, with their values.
    fileprivate(set) var members: [UInt8]
    /// How long the first two are, which stand in reduced entries too.
    let identifiersLength: Int

    /// The first `AuditLimits.headersPerEntry` headers are written.
    package init(
      requestID: ArraySlice<UInt8>? = nil, traceID: ArraySlice<UInt8>? = nil,
      userAgent: ArraySlice<UInt8>? = nil, host: ArraySlice<UInt8>? = nil, headers: [Header] = []
    ) {
      let headers = headers.prefix(AuditLimits.headersPerEntry)
      var length = (requestID?.count ?? 0) + (traceID?.count ?? 0)
      length += (userAgent?.count ?? 0) + (host?.count ?? 0)
      for header in headers { length += header.name.utf8.count + header.value.count + 1 }
      var identifiersLength = 0
      members = .members(5 + headers.count, ofTexts: length) { members in
        members.append(#","request_id":"#, client: requestID, limit: AuditLimits.clientTextBytes)
        members.append(#","trace_id":"#, client: traceID, limit: AuditLimits.clientTextBytes)
        identifiersLength = members.count
        members.append(#","user_agent":"#, client: userAgent, limit: AuditLimits.clientTextBytes)
        members.append(#","host":"#, client: host, limit: AuditLimits.clientTextBytes)
        guard !headers.isEmpty else { return }
        members.append(json: #","headers":{"#)
        for (index, header) in headers.enumerated() {
          if index > 0 { members.append(json: ",") }
          members.append(string: header.name)
          members.append(":", client: header.value[...], limit: AuditLimits.clientTextBytes)
        }
        members.append(json: "}")
      }
      self.identifiersLength = identifiersLength
    }
  }

  package struct Header: Sendable {
    package var name: String
    package var value: [UInt8]

    package init(name: String, value: [UInt8]) {
      self.name = name
      self.value = value
    }
  }

  package struct Peering: Sendable {
    /// The member `peering` with what is known of it as soon as the request is, its object left open.
    fileprivate(set) var beginning: [UInt8]
    package var tokenDigest: String?
    package var token: PeeringToken?
    package var kept: Int?
    package var removed: Int?

    package init(operation: String, peer: Span<UInt8>?, partition: String?, access: String) {
      let length =
        operation.utf8.count + (partition?.utf8.count ?? 0) + access.utf8.count + (peer?.count ?? 0)
      beginning = .members(4, ofTexts: length) { member in
        member.append(#","peering":{"operation":"#, operation)
        if let peer {
          member.append(json: #","peer":"#)
          member.append(client: peer, limit: AuditLimits.clientTextBytes)
        }
        if let partition { member.append(#","partition":"#, partition) }
        member.append(#","access":"#, access)
      }
    }
  }

  package struct Decision: Sendable {
    package enum Outcome: String, Sendable { case allow, deny, refuse }

    package var outcome: Outcome
    package var rule: QuotedString?
    package var policyDigest: QuotedString?

    package init(_ outcome: Outcome, rule: QuotedString? = nil, policyDigest: QuotedString? = nil) {
      self.outcome = outcome
      self.rule = rule
      self.policyDigest = policyDigest
    }
  }

  package struct Shadow: Sendable {
    package var difference: String
    package var rule: String
    package var policyDigest: String

    package init(difference: String, rule: String, policyDigest: String) {
      self.difference = difference
      self.rule = rule
      self.policyDigest = policyDigest
    }
  }

  /// The Consul that was asked: the same in every entry of a connection to it, so it is written when it is made.
  package struct Upstream: Sendable {
    /// The member `upstream` with the address, its object left open.
    let beginning: [UInt8]

    package init(address: String) {
      beginning = .members(1, ofTexts: address.utf8.count) { $0.append(#","upstream":{"address":"#, address) }
    }
  }

  /// Why a request was sent once more.
  package enum Repetition: Sendable {
    case closed, requestTimeout
  }

  /// What all entries of a connection have in common. A class, so that each of them holds it by one count.
  package final class Connection: Sendable {
    let remoteAddress: QuotedString
    let tls: TLS?

    package init(remoteAddress: String, tls: TLS? = nil) {
      self.remoteAddress = QuotedString(remoteAddress)
      self.tls = tls
    }
  }

  /// What was agreed on a connection: the same in every entry of it, so it is written when it is made.
  package struct TLS: Sendable {
    /// The member `tls` with its value.
    let member: [UInt8]

    /// - Parameters:
    ///   - group: in which keys were agreed on, if that is known.
    ///   - subject: of the client's certificate, if it showed one, escaped by backslashes.
    ///   - names: its alternative names, escaped as well, of which the first `AuditLimits.certificateNamesPerEntry` are
    ///     written.
    package init(
      version: String, cipher: String, group: String? = nil, subject: [UInt8]? = nil, names: [[UInt8]] = []
    ) {
      var writer = Writer()
      writer.beginObject()
      writer.member("version", version)
      writer.member("cipher", cipher)
      if let group { writer.member("group", group) }
      writer.member("subject", client: subject, isEscaped: true, limit: AuditLimits.clientTextBytes)
      if !names.isEmpty {
        writer.beginArray("names")
        for name in names.prefix(AuditLimits.certificateNamesPerEntry) {
          ClientText.append(name.span, isEscaped: true, limit: AuditLimits.clientTextBytes, to: &writer)
        }
        writer.endArray()
      }
      writer.endObject()
      member = Array(#","tls":"#.utf8) + writer.finish()
    }
  }
}
