// Where lines can go.

/// A place for lines, confined to one thread that may block in it.
protocol Sink: ~Copyable, Sendable {
  /// Gets ready to take about `bytes`: opens anew what was renamed or removed, connects what was
  /// disconnected. Answers with what began, if anything did; then the next line is a record of it.
  mutating func prepare(isReopening: Bool) throws(AuditError) -> Beginning?

  /// Whether the file should end before another `bytes` go into it.
  func isRotationDue(before bytes: Int, at now: WallTime) -> Bool

  /// Ends the file and begins the next.
  mutating func rotate(at now: WallTime) throws(AuditError) -> Beginning

  /// Puts the lines where they stay, or as many of them as it can. May take as long as the kernel
  /// likes; gives up between two tries when `isAbandoned` says so.
  mutating func append(_ block: borrowing Block, isAbandoned: () -> Bool) -> Attempt

  /// Lets go of what others may want, before the closer is told that all is done.
  mutating func end()
}

extension Sink where Self: ~Copyable {
  func isRotationDue(before bytes: Int, at now: WallTime) -> Bool { false }
  mutating func rotate(at now: WallTime) throws(AuditError) -> Beginning { Beginning(cause: .rotation) }
  mutating func end() {}
}

/// A new stretch of the log: another file, connection or run.
struct Beginning: Sendable, Equatable {
  enum Cause: String, Sendable {
    case start
    case rotation
    /// The file was renamed, and the operator or the journal itself asked for a new one.
    case reopened
    /// The file was deleted while it was written.
    case removed
    /// Somebody cut the file: logrotate's copytruncate does, and loses lines.
    case truncated
    case connected
  }

  var cause: Cause
  /// An unfinished line at the end of what was there already.
  var torn: TornEnd?
  /// What stood at the end of the log that a former run left.
  var found: FoundEnd?
  /// Files that will be deleted once this is on record.
  var pruned: [PrunedFile] = []
  /// Files that have a rotated one's name, and are none or not as a gate left them.
  var strangers: [String] = []
  /// Where the lines before went, if the journal moved them.
  var movedTo: String?
}

/// What a write came to.
struct Attempt {
  /// Lines that are in the sink and stay there: the first so many of the block.
  let keptLines: Int
  /// Those of them that count as kept. Fewer when lines that may not have reached the disk could not be taken back.
  let assuredLines: Int
  /// An unfinished line behind them that could not be taken back.
  let torn: TornEnd?
  /// Nil when the whole block is kept.
  let failure: AuditError?
  /// The sink was gone by the time the lines were in it; another attempt finds a new one.
  let isVanished: Bool

  private init(keptLines: Int, assuredLines: Int, torn: TornEnd?, failure: AuditError?, isVanished: Bool) {
    self.keptLines = keptLines
    self.assuredLines = assuredLines
    self.torn = torn
    self.failure = failure
    self.isVanished = isVanished
  }

  static func whole(_ lines: Int) -> Attempt {
    Attempt(keptLines: lines, assuredLines: lines, torn: nil, failure: nil, isVanished: false)
  }

  static func broken(
    keptLines: Int, assuredLines: Int? = nil, torn: TornEnd? = nil, _ failure: AuditError
  ) -> Attempt {
    Attempt(
      keptLines: keptLines, assuredLines: assuredLines ?? keptLines, torn: torn, failure: failure,
      isVanished: false)
  }

  /// A write broke off after `bytes` bytes, which stay where they are.
  static func stuck(
    at bytes: Int, of block: borrowing Block, assuredLines: Int, _ failure: AuditError
  ) -> Attempt {
    let legible = block.legibleLineCount(within: bytes)
    let end = block.byteCount(ofLines: legible)
    let torn = bytes > end ? TornEnd(block.bytes.span.extracting(end..<bytes)) : nil
    return .broken(keptLines: legible, assuredLines: assuredLines, torn: torn, failure)
  }

  static func vanished(_ failure: AuditError) -> Attempt {
    Attempt(keptLines: 0, assuredLines: 0, torn: nil, failure: failure, isVanished: true)
  }
}
