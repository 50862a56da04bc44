// Which fields a record has, and in which order.

/// The form of a line, byte for byte. Written down a second time and not taken from the writer: a field that is added
/// there must be added here, at its place.
struct RecordForm {
  enum Kind { case entry, gate, control }

  /// Nil when `line` has the form of a record, and otherwise where it begins to differ. `line` must have been read as
  /// `parsed`.
  static func fault(in line: Span<UInt8>, as parsed: LogLine) -> (kind: Kind, fault: Int?) {
    var scanner = RecordScanner(at: 0)
    guard scanner.take("{\"created_at\":", in: line), scanner.timestamp(in: line),
      scanner.take(",\"event_type\":\"", in: line)
    else { return (.entry, scanner.index) }
    let kind: Kind
    var isInForm: Bool
    if scanner.take("audit\",\"payload\":", in: line) {
      kind = .entry
      isInForm = scanner.object(.entry, in: line)
    } else if let table = scanner.controlTable(in: line) {
      kind = .control
      isInForm = scanner.object(table, in: line)
    } else {
      kind = .gate
      isInForm = scanner.take("gate-", in: line)
      while isInForm, scanner.index < line.count, line[scanner.index].isWordByte { scanner.skip() }
      isInForm = isInForm && scanner.take("\",\"payload\":", in: line)
      isInForm =
        isInForm
        && scanner.members(in: line, limit: AuditLimits.membersPerObject) { $0.value(in: line) }
    }
    return (kind, isInForm && scanner.index == parsed.payloadEnd ? nil : scanner.index)
  }
}

/// An object's fields in their order.
struct FieldTable {
  let fields: [Field]

  struct Field {
    let name: StaticString
    let form: Form
    let isRequired: Bool
  }

  enum Form {
    case string, number, bool, timestamp
    case object(Nested)
    /// An object of texts, with at most so many names of the operator's choice.
    case texts(Int)
    /// An array of at most so many texts.
    case list(Int)
  }

  /// By name, so that a field is a plain value: a reference here would be counted for each field of each line.
  enum Nested { case auth, request, response, peering, token, decision, shadow, upstream, tls, found }

  private init(_ fields: (StaticString, Form, Bool)...) {
    self.fields = fields.map { Field(name: $0.0, form: $0.1, isRequired: $0.2) }
  }

  static let entry = FieldTable(
    ("id", .string, true), ("version", .string, true), ("type", .string, true),
    ("timestamp", .timestamp, true), ("gate", .string, false),
    ("auth", .object(.auth), false), ("request", .object(.request), true),
    ("response", .object(.response), false), ("stage", .string, true), ("level", .string, false),
    ("peering", .object(.peering), false), ("decision", .object(.decision), true),
    ("shadow", .object(.shadow), false), ("upstream", .object(.upstream), false), ("reason", .string, false),
    ("tls", .object(.tls), false),
    ("duration_us", .number, false))
  static let auth = FieldTable(
    ("accessor_id", .string, true), ("description", .string, true), ("certificate_name", .string, false))
  static let request = FieldTable(
    ("operation", .string, true), ("endpoint", .string, true), ("remote_addr", .string, true),
    ("request_id", .string, false), ("trace_id", .string, false), ("user_agent", .string, false),
    ("host", .string, false),
    ("headers", .texts(AuditLimits.headersPerEntry), false))
  static let response = FieldTable(("status", .string, true))
  static let peering = FieldTable(
    ("operation", .string, true), ("peer", .string, false), ("partition", .string, false),
    ("access", .string, true), ("token_digest", .string, false), ("token", .object(.token), false),
    ("kept", .number, false),
    ("removed", .number, false))
  static let token = FieldTable(
    ("datacenter", .string, false), ("partition", .string, false), ("server_name", .string, false),
    ("peer_id", .string, false), ("addresses", .list(AuditLimits.peeringTokenAddresses), false),
    ("more_addresses", .number, false), ("ca_digests", .list(AuditLimits.peeringTokenAuthorities), false),
    ("unclear", .bool, false))
  static let decision = FieldTable(
    ("outcome", .string, true), ("rule", .string, false), ("policy_digest", .string, false))
  static let shadow = FieldTable(
    ("difference", .string, true), ("rule", .string, true), ("policy_digest", .string, true))
  static let upstream = FieldTable(
    ("address", .string, true), ("repeated", .number, false), ("repeat_reason", .string, false))
  static let tls = FieldTable(
    ("version", .string, true), ("cipher", .string, true), ("group", .string, false),
    ("subject", .string, false),
    ("names", .list(AuditLimits.certificateNamesPerEntry), false))

  static let open = FieldTable(
    ("cause", .string, true), ("gate", .string, true), ("process", .number, true), ("format", .number, false),
    ("policy_digest", .string, false), ("found", .object(.found), false),
    ("previous_key", .string, false), ("torn_bytes", .number, false), ("torn_digest", .string, false),
    ("from", .number, false), ("key", .string, false), ("signature", .string, false))
  static let found = FieldTable(
    ("last", .number, true), ("signed_to", .number, false), ("unsigned", .number, false),
    ("clean", .bool, true), ("next_missing", .bool, false))
  static let gap = FieldTable(
    ("lost", .number, true), ("since", .timestamp, true), ("reason", .string, true),
    ("torn_bytes", .number, false), ("torn_digest", .string, false))
  static let checkpoint = FieldTable(
    ("from", .number, false), ("key", .string, false), ("signature", .string, false))
  static let close = FieldTable(
    ("cause", .string, true), ("from", .number, false), ("key", .string, false), ("signature", .string, false)
  )
  static let pruned = FieldTable(
    ("file", .string, true), ("first", .number, true), ("last", .number, true), ("head", .string, true),
    ("deleted_from", .number, false), ("from", .number, false), ("key", .string, false),
    ("signature", .string, false))

  static func nested(_ name: Nested) -> FieldTable {
    switch name {
    case .auth: auth
    case .request: request
    case .response: response
    case .peering: peering
    case .token: token
    case .decision: decision
    case .shadow: shadow
    case .upstream: upstream
    case .tls: tls
    case .found: found
    }
  }
}

extension RecordScanner {
  fileprivate mutating func controlTable(in line: Span<UInt8>) -> FieldTable? {
    if take("audit-checkpoint\",\"payload\":", in: line) { return .checkpoint }
    if take("audit-open\",\"payload\":", in: line) { return .open }
    if take("audit-close\",\"payload\":", in: line) { return .close }
    if take("audit-gap\",\"payload\":", in: line) { return .gap }
    if take("audit-pruned\",\"payload\":", in: line) { return .pruned }
    return nil
  }

  /// An object with the fields of `table` in their order, those left out that need not be there.
  fileprivate mutating func object(_ table: FieldTable, in line: Span<UInt8>) -> Bool {
    guard take("{", in: line) else { return false }
    let fields = table.fields
    var isFirst = true
    for field in fields {
      if isAt(0x7D, in: line) {
        if field.isRequired { return false }
        continue
      }
      guard takeName(field.name, isFirst: isFirst, in: line) else {
        if field.isRequired { return false }
        continue
      }
      isFirst = false
      guard value(field.form, in: line) else { return false }
    }
    return take("}", in: line)
  }

  private mutating func takeName(_ name: StaticString, isFirst: Bool, in line: Span<UInt8>) -> Bool {
    let start = isFirst ? index : index + 1
    let end = start + 1 + name.utf8CodeUnitCount
    guard isFirst || isAt(0x2C, in: line), line.has("\"", at: start), line.has(name, at: start + 1),
      line.has("\":", at: end)
    else { return false }
    self = RecordScanner(at: end + 2)
    return true
  }

  private mutating func value(_ form: FieldTable.Form, in line: Span<UInt8>) -> Bool {
    switch form {
    case .string: string(in: line)
    case .number: number(in: line)
    case .bool: bool(in: line)
    case .timestamp: timestamp(in: line)
    case .object(let name): object(.nested(name), in: line)
    case .texts(let limit): members(in: line, limit: limit) { $0.string(in: line) }
    case .list(let limit): elements(in: line, limit: limit) { $0.string(in: line) }
    }
  }

  fileprivate mutating func skip() { self = RecordScanner(at: index + 1) }
}

extension UInt8 {
  /// A to z and the hyphen: what names of events are made of.
  fileprivate var isWordByte: Bool { 97...122 ~= self || self == 45 }
}
