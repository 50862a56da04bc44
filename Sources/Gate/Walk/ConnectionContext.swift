// A connection's other end once it is secure: what is known of it, and how it is talked to.

internal import Audit
internal import Bytes
internal import Consul
internal import HTTP
internal import Messages
internal import Policy
internal import Record
internal import Sockets
internal import TLS

/// Made for each connection, after its handshake and after each rest; its requests share it.
final class ConnectionContext {
  let channel: Channel
  let reader: RequestReader
  /// Where the connection waits for what comes over no stream: its records, its turn to ask Consul.
  let waiter: Waiter
  let facts: ClientAttributes
  /// The answer to the last request, as long as it has not left.
  var pending: PendingResponse?
  /// How Consul is being asked for it.
  var asking: UpstreamConversation?
  /// Its connection ends, since its certificate is worth nothing any more: nothing more is begun for it.
  var isCondemned = false
  /// By which rules there was nothing wrong with how it was let in, and until when.
  private var approval = ClientRules.Approval.none
  /// Of the last request.
  private var fields: CallerFields?
  /// The last caller, and how the record names it.
  private var recordedSubject: Subject?
  private var recordedAuth: Entry.Auth?
  /// The last subject that Consul was asked for, and what it has of all.
  private var askingSubject: Subject?
  private var usage: SubjectUsage?

  init(_ facts: ClientAttributes, channel: Channel, limits: HTTPLimits) {
    self.facts = facts
    self.channel = channel
    reader = RequestReader(channel, limits: limits)
    waiter = Waiter(on: channel.stream.loop)
  }

  var recorded: Entry.Connection { facts.recorded }
  var forwardedFor: FieldValue? { facts.forwardedFor }
  var policyAttributes: PolicyAttributes { facts.policyAttributes }
}

/// What is known of it as long as the connection lasts.
final class ClientAttributes {
  /// As it stands in the record.
  let recorded: Entry.Connection
  let forwardedFor: FieldValue?
  /// What decisions may turn on.
  let policyAttributes: PolicyAttributes
  /// It has shown a certificate, which is dear to read.
  let isCertified: Bool
  /// Its certificate has more than are looked at, so it is nobody's.
  let hasTooManyNames: Bool
  /// How it was let in.
  private let standing: ClientStanding?

  init(peer: Sockets.SocketAddress, channel: Channel, agreements: inout TLSAgreements) {
    forwardedFor = peer.family == .unix ? nil : FieldValue(peer.host)
    let identity = channel.peerIdentity
    isCertified = identity != nil
    hasTooManyNames = identity?.hasAllNames == false
    standing = channel.clientStanding
    policyAttributes = PolicyAttributes(
      source: Address(peer), certificateURIs: identity?.uris ?? [],
      certificateDNSNames: identity?.dnsNames ?? [], hasAllNames: identity?.hasAllNames ?? true)
    let tls = channel.negotiated.map { negotiated in
      guard let identity else { return agreements.entry(negotiated) }
      let names = identity.dnsNames + identity.uris + identity.ipAddresses + identity.emailAddresses
      return Entry.TLS(
        version: negotiated.version.name, cipher: negotiated.cipherSuite, group: negotiated.group,
        subject: Array(identity.subject.utf8), names: names.map { Array($0.utf8) })
    }
    recorded = Entry.Connection(remoteAddress: peer.description, tls: tls)
  }

  /// Why a handshake would not let the client in any more.
  func proofFault(by rules: ClientRules) -> ProofFault? {
    standing.flatMap { rules.fault(of: $0, at: Int(WallClock.seconds)) }
  }

  func approval(by rules: ClientRules) -> ClientRules.Approval {
    standing.map(rules.approval) ?? rules.unconditionalApproval
  }
}

// What stays the same from request to request, most of the time.
extension ConnectionContext {
  func fields(
    of head: Fields, recorded: [RecordableField], _ digester: TextDigester
  ) -> CallerFields {
    if let fields, fields.fields === head { return fields }
    let fields = CallerFields(head, recorded: recorded, digester)
    // What a large head takes is given back with its request: nor does the parser know it again.
    self.fields = head.byteCount <= HTTPLimits.keptHeadBytes ? fields : nil
    return fields
  }

  /// Why a handshake would not let the client in any more. Asked with each step of each request, as a token's end is.
  func proofFault(by state: WorkerState) -> ProofFault? {
    if approval.by == state.clientRulesEdition,
      approval.until == .max || Int(WallClock.seconds) < approval.until
    {
      return nil
    }
    return proofFault(by: state.tls.clientRules)
  }

  @inline(never)
  private func proofFault(by rules: ClientRules) -> ProofFault? {
    let fault = facts.proofFault(by: rules)
    approval = fault == nil ? facts.approval(by: rules) : .none
    return fault
  }

  /// How the record names `subject`.
  func auth(of subject: Subject) -> Entry.Auth {
    if recordedSubject === subject, let recordedAuth { return recordedAuth }
    let auth = Entry.Auth(
      accessorID: subject.accessorID.text, tokenName: subject.name.string,
      certificateName: subject.recognisedName(on: policyAttributes)?.text.string)
    (recordedSubject, recordedAuth) = (subject, auth)
    return auth
  }

  func usage(of subject: Subject, in shares: SubjectShares) -> SubjectUsage {
    if askingSubject === subject, let usage { return usage }
    let usage = shares.usage(of: subject)
    (askingSubject, self.usage) = (subject, usage)
    return usage
  }

  /// Gives back what is kept between two requests of a busy connection.
  func releaseMemory() {
    reader.releaseMemory()
    fields = nil
    (recordedSubject, recordedAuth) = (nil, nil)
    (askingSubject, usage) = (nil, nil)
  }
}

/// What the record says of connections without a certificate: as many texts as there are suites, and no more.
struct TLSAgreements {
  private var known: [(of: Negotiated, entry: Entry.TLS)] = []

  mutating func entry(_ negotiated: Negotiated) -> Entry.TLS {
    for agreement in known
    where agreement.of.version == negotiated.version && agreement.of.cipherSuite == negotiated.cipherSuite
      && agreement.of.group == negotiated.group
    {
      return agreement.entry
    }
    let entry = Entry.TLS(
      version: negotiated.version.name, cipher: negotiated.cipherSuite, group: negotiated.group)
    known.append((negotiated, entry))
    return entry
  }
}

extension Address {
  init?(_ address: Sockets.SocketAddress) {
    switch address.family {
    case .ipv4, .ipv6: self.init(networkBytes: address.bytes.span)
    case .unix: return nil
    }
  }
}
