// Reads an extract line by line, and knows after the last what is proven.
import Digests

/// As `Verifier`, for lines of which most are left out; it does no I/O. A record is proven once a good signature follows
/// that vouches for its number, with every link in between: the digest of what was left out, or the record itself.
struct ExtractVerifier: ~Copyable {
  private var report = ExtractReport()
  /// The number that must come next; nil before the first.
  private var next: UInt64?
  /// The link behind the line before that; nil where nothing is known of it.
  private var link: SHA256Digest?
  /// Records that no signature follows yet, and where the first of them stands.
  private var pending = NumberRanges()
  private var pendingLine = 0
  /// Whether digests stand behind the last signature.
  private var hasDigests = false
  private var line = 0
  private var hash = SHA256()
  private let keys: [VerifyingKey]

  init(_ options: VerificationOptions) {
    keys = options.publicKeys
    report.keyWasGiven = !keys.isEmpty
  }

  mutating func read(_ bytes: Span<UInt8>, excess: Int) {
    line += 1
    if excess == 0, let part = ExtractLine(bytes) {
      switch part {
      case .header: if line > 1 { report.add(.secondHeader(line: line)) }
      case .leftOut(let numbers, let digests): leaveOut(numbers, digests)
      }
      return
    }
    guard line > 1, excess == 0, let parsed = LogLine(bytes),
      case (let kind, nil) = RecordForm.fault(in: bytes, as: parsed)
    else {
      report.add(.notInForm(line: line))
      return
    }
    record(bytes, as: parsed, kind == .control ? ControlRecord(bytes) : nil)
  }

  /// What is known after the last line.
  consuming func finish() -> ExtractReport {
    abandonPending()
    if hasDigests { report.add(.withoutEnd(line: line)) }
    return report
  }

  private mutating func leaveOut(_ numbers: ClosedRange<UInt64>, _ digests: [SHA256Digest]) {
    follow(numbers.lowerBound)
    next = numbers.upperBound &+ 1
    report.leftOut.add(numbers)
    guard !digests.isEmpty else {
      // Nothing connects what comes with what was.
      abandonPending()
      if hasDigests { report.add(.withoutEnd(line: line - 1)) }
      (link, hasDigests) = (nil, false)
      return
    }
    guard var link else {
      report.add(.withoutBeginning(line: line))
      return
    }
    for digest in digests { link = hash.digest(of: link, and: digest) }
    (self.link, hasDigests) = (link, true)
  }

  private mutating func record(_ bytes: Span<UInt8>, as parsed: LogLine, _ control: ControlRecord?) {
    follow(parsed.sequence)
    next = parsed.sequence &+ 1
    if link == nil { report.parts += 1 }
    if let link, link != parsed.previous {
      report.add(.broken(line: line, number: parsed.sequence))
      abandonPending()
    }
    link = parsed.link(of: bytes, format: 2, by: &hash)
    report.here.add(parsed.sequence...parsed.sequence)
    if pending.count == 0 { pendingLine = line }
    pending.add(parsed.sequence...parsed.sequence)
    guard let control else { return }
    if control.kind == .open, control.format != 2 {
      report.add(.otherFormat(line: line, control.format))
    }
    guard control.hasSignature else { return }
    let keys = keys.isEmpty ? control.key.map { [$0] } ?? [] : keys
    // A signature of format 1, which says not from where on it vouches, leaves most of the record open.
    guard let from = control.from,
      let key = keys.first(where: { control.isSigned(by: $0, bytes, as: parsed, format: 2) })
    else {
      report.add(.badSignature(line: line))
      return
    }
    prove(upTo: parsed.sequence, from: from, by: key)
  }

  private mutating func prove(upTo number: UInt64, from: UInt64, by key: VerifyingKey) {
    report.signed += 1
    report.lastSigned = number
    hasDigests = false
    if let first = pending.ranges.first?.lowerBound, first < from {
      // An earlier run wrote it, was killed before it signed, and this one does not vouch for that.
      report.add(.unproven(first...min(from - 1, number), line: pendingLine))
    }
    report.add(ExtractReport.Proof(signature: number, key: key, numbers: pending))
    pending = NumberRanges()
  }

  /// What no signature followed is not proven by one that comes later.
  private mutating func abandonPending() {
    if let first = pending.ranges.first, let last = pending.ranges.last {
      report.add(.unproven(first.lowerBound...last.upperBound, line: pendingLine))
    }
    pending = NumberRanges()
  }

  private mutating func follow(_ number: UInt64) {
    guard let next, next != number else { return }
    report.add(.notFollowing(line: line, number: number, expected: next))
    abandonPending()
    link = nil
  }
}
