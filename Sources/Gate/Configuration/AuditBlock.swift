// The `audit` block: one file in short, or several sinks by name.

internal import Audit
internal import Bytes
internal import Digests
internal import HCL
internal import HTTP
internal import Peering
internal import Policy
internal import Record
internal import Sockets

/// Names are those of Consul Enterprise's audit configuration (`sink "name" { type, path, delivery_guarantee,
/// rotate_bytes, rotate_duration, rotate_max_files, mode }`, and our own rotate_min_age and group), which knows files and `best-effort` alone.
struct AuditBlock {
  let source: Source
  let report: Report
  let folder: String
  /// Keeps the digest of each key's public half.
  let note: (LoadedFile) -> Void

  func read(_ block: Block) -> (journal: JournalSettings, recording: AuditOptions)? {
    var reader = Reader(block.body, of: block.title, in: source, into: report)
    let key = reader.string("key_file")
    let digestKey = reader.string("token_digest_key_file")
    let require = reader.string("require")
    let levels = reader.block("levels")
    let fields = reader.strings("headers")
    let refusals = reader.string("repeated_refusals")
    let namesGate = reader.bool("gate_in_every_line")
    let named = reader.blocks("sink", labels: ["name"])
    var sinks: [SinkSettings] = []
    if named.isEmpty, let sink = file(&reader) { sinks = [withGuarantee(sink, &reader)] }
    reader.finish()
    var recording = AuditOptions()
    if let levels { recording.levels = self.levels(levels) }
    if let fields { recording.fields = self.fields(fields) }
    recording.namesGate = namesGate?.value ?? false
    if let refusals {
      switch refusals.value {
      case "thinned": recording.thinsRefusals = true
      case "full": recording.thinsRefusals = false
      default:
        report.error(
          at: refusals.position, in: source, "repeated_refusals must be \"thinned\" or \"full\"")
      }
    }
    var collectors: [Located<AnchorSettings>] = []
    for block in named {
      if let sink = sink(block, &collectors) { sinks.append(sink) }
    }
    note(collectors, of: &sinks)
    guard !sinks.isEmpty else { return nil }
    var settings = JournalSettings(sinks: sinks)
    if let key { settings.key = self.key(key, .auditKey) }
    let tokens = digestKey == nil ? settings.key : digestKey.flatMap { self.key($0, .tokenDigestKey) }
    settings.tokenDigestKey = tokens?.tokenDigestKey
    switch require?.value {
    case nil, "all": settings.requirement = .all
    case "any": settings.requirement = .any
    default:
      report.error(at: require?.position ?? block.position, in: source, "require must be \"all\" or \"any\"")
    }
    return (settings, recording)
  }

  /// `none` has to be said of each operation by name, and a change does not take it.
  private func levels(_ block: Block) -> RecordLevels {
    var reader = Reader(block.body, of: block.title, in: source, into: report)
    var levels = RecordLevels()
    for operation in Operation.allCases {
      guard let text = reader.string(ByteString(operation.rawValue)) else { continue }
      guard let level = RecordLevel(text.value) else {
        let choice = operation.isChange ? "\"full\" or \"reduced\"" : "\"full\", \"reduced\" or \"none\""
        reader.error(at: text.position, "\(operation.rawValue) must be \(choice)")
        continue
      }
      if operation.isChange, level == .none {
        reader.error(
          at: text.position,
          "\(operation.rawValue) is a change, and changes are always recorded, before Consul sees them and after: "
            + "write \"full\" or \"reduced\"")
      }
      levels[operation] = level
    }
    reader.finish()
    return levels
  }

  /// Never a field that carries a credential; a name that sounds like one is worth a warning.
  private func fields(_ names: [Located<ByteString>]) -> [RecordableField] {
    var fields: [RecordableField] = []
    if names.count > AuditLimits.headersPerEntry {
      report.error(
        at: names[AuditLimits.headersPerEntry].position, in: source,
        "more than \(AuditLimits.headersPerEntry) headers; leave some out")
    }
    for name in names {
      let quoted = Quoting.quoted(name.value)
      do throws(RecordableField.Fault) {
        let field = try RecordableField(name.value.string)
        if fields.contains(where: { $0.isSame(as: field) }) {
          report.error(at: name.position, in: source, "\(quoted) stands here a second time; keep one")
        } else if field.isAlwaysRecorded {
          report.error(at: name.position, in: source, "\(quoted) is always recorded; leave it out")
        } else if field.soundsSecret {
          report.warning(
            at: name.position, in: source,
            "\(quoted) sounds like a secret; its values will stand in the audit log in the clear")
        }
        fields.append(field)
      } catch {
        switch error {
        case .notAName:
          report.error(
            at: name.position, in: source,
            "\(quoted) is no name of a header, expected 1 to \(RecordableField.longestBytes) letters, digits and -"
          )
        case .credential:
          report.error(
            at: name.position, in: source,
            "\(quoted) carries a credential, and credentials are never recorded; leave it out")
        }
      }
    }
    return fields
  }

  /// - Parameter collectors: where anchors go as messages; one is added if the sink is such a place.
  private func sink(_ block: Block, _ collectors: inout [Located<AnchorSettings>]) -> SinkSettings? {
    var reader = Reader(block.body, of: block.title, in: source, into: report)
    let type = reader.requiredString("type")
    var sink: SinkSettings?
    switch type?.value {
    case "file": sink = file(&reader)
    case "socket": sink = address(&reader).map { SinkSettings(.socket($0)) }
    case "syslog":
      var header = SyslogHeader()
      if let facility = reader.integer("facility", in: 0...23) { header.facility = UInt8(facility.value) }
      if let name = reader.string("hostname") { header.hostName = name.value }
      let interval = anchorInterval(&reader)
      if let address = address(&reader) {
        sink = SinkSettings(.syslog(address, header))
        if let interval {
          let anchor = AnchorSettings(.syslog(address, header), seconds: interval.value)
          collectors.append(Located(anchor, at: interval.position))
        }
      }
    case nil: break
    default:
      report.error(
        at: type?.position ?? block.position, in: source, "type must be \"file\", \"socket\" or \"syslog\"")
    }
    if let unguarded = sink { sink = withGuarantee(unguarded, &reader) }
    reader.finish()
    return sink
  }

  private func file(_ reader: inout Reader) -> SinkSettings? {
    let path = reader.requiredString("path")
    var rotation = Rotation()
    if let bytes = reader.integer("rotate_bytes", in: 4_096...Int.max) { rotation.bytes = bytes.value }
    if let age = reader.duration("rotate_duration", in: .seconds(1)...Duration.seconds(366 * 86_400)) {
      rotation.seconds = Int(age.value.components.seconds)
    }
    if let files = reader.integer("rotate_max_files", in: 1...1_000_000) { rotation.files = files.value }
    if let age = reader.duration("rotate_min_age", in: .seconds(0)...Duration.seconds(36_600 * 86_400)) {
      rotation.keptSeconds = Int(age.value.components.seconds)
    }
    let anchor = anchor(&reader)
    let access = SinkFileAccess.read(&reader)
    guard let path else { return nil }
    var sink = SinkSettings(.file(path.value.hasPrefix("/") ? path.value.string : folder + path.value.string))
    sink.rotation = rotation
    sink.access = access
    sink.anchors = anchor.map { [$0] } ?? []
    return sink
  }

  /// Where and how often it is noted how far the log has come.
  private func anchor(_ reader: inout Reader) -> AnchorSettings? {
    let path = reader.string("anchor_file")
    let interval = anchorInterval(&reader)
    guard let path else {
      if let interval {
        reader.error(
          at: interval.position,
          "anchor_interval needs an anchor_file to write to; in a sink of type \"syslog\" it needs none")
      }
      return nil
    }
    guard !path.value.isEmpty else {
      reader.error(at: path.position, "anchor_file is empty, expected the path of a file")
      return nil
    }
    return AnchorSettings(
      .file(path.value.hasPrefix("/") ? path.value.string : folder + path.value.string),
      seconds: interval?.value ?? Int(AuditLimits.anchorSeconds))
  }

  /// In seconds.
  private func anchorInterval(_ reader: inout Reader) -> Located<Int>? {
    let range = AuditLimits.anchorIntervals
    let interval = reader.duration(
      "anchor_interval", in: .seconds(range.lowerBound)...(.seconds(range.upperBound)))
    return interval.map { Located(Int($0.value.components.seconds), at: $0.position) }
  }

  /// A collector is told how far the file has come. The gate's name is all that an anchor says of which log it is of.
  private func note(_ collectors: [Located<AnchorSettings>], of sinks: inout [SinkSettings]) {
    let files = sinks.indices.filter { if case .file = sinks[$0].destination { true } else { false } }
    for collector in collectors {
      if files.count == 1 {
        sinks[files[0]].anchors.append(collector.value)
      } else {
        report.error(
          at: collector.position, in: source,
          "anchor_interval in a syslog sink tells it how far the log has come in the sink of type \"file\", of which "
            + (files.isEmpty ? "there is none" : "there is more than one; use their anchor_file"))
      }
    }
  }

  private func withGuarantee(_ sink: SinkSettings, _ reader: inout Reader) -> SinkSettings {
    var sink = sink
    guard let text = reader.string("delivery_guarantee") else { return sink }
    if let guarantee = SinkSettings.Guarantee(named: text.value) {
      sink.guarantee = guarantee
    } else {
      report.error(
        at: text.position, in: source,
        "delivery_guarantee must be \"enforced\", \"durable\" or \"best-effort\"")
    }
    if case .file = sink.destination { return sink }
    if sink.guarantee == .durable {
      report.error(
        at: text.position, in: source, "durable is for files: nobody tells us of another machine's disk")
    }
    return sink
  }

  private func address(_ reader: inout Reader) -> Audit.SocketAddress? {
    guard let text = reader.requiredString("address") else { return nil }
    let isTCP = text.value.hasPrefix("tcp://")
    let place = String(Substring(text.value.string.utf8.dropFirst(isTCP ? "tcp://".utf8.count : 0)))
    do throws(SocketError) {
      switch try Endpoint(parsing: place) {
      case .tcp(let host, let port): return .tcp(host: host, port: port)
      case .unix(let path): return .unix(path: path)
      }
    } catch {
      report.error(at: text.position, in: source, "write tcp://host:port or unix:///path")
      return nil
    }
  }

  private func key(_ file: Located<ByteString>, _ kind: LoadedFile.Kind) -> AuditKey? {
    do throws(FileError) {
      let path = file.value.hasPrefix("/") ? file.value.string : folder + file.value.string
      let content = try TextFile.content(of: path, limitBytes: GateLimits.keyFileBytes)
      if let warning = content.warning(secret: "key") {
        report.warning(at: file.position, in: source, "\(file.value.shown): \(warning)")
      }
      do throws(DigestError) {
        let key = try AuditKey(try SigningKey(pem: content.bytes.span))
        note(LoadedFile(kind, path, digest: key.publicKey.fingerprint))
        return key
      } catch {
        report.error(
          at: file.position, in: source,
          "\(file.value.shown): holds no Ed25519 key; make one with peergate audit keygen")
      }
    } catch {
      report.error(at: file.position, in: source, "\(file.value.shown): \(error.sentence)")
    }
    return nil
  }
}
