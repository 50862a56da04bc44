// The lines of a log that somebody may see, with the proof that they are of it.
import Bytes
package import Digests

package enum LogExtraction {
  package struct Result: Sendable {
    /// Lines that are in the extract because they were asked for.
    package internal(set) var written: UInt64 = 0
    /// Lines that were asked for and cannot be proved: in format 1 none can without all others.
    package internal(set) var oldFormat: UInt64 = 0
    /// The same because no signature vouches for them.
    package internal(set) var unsigned: UInt64 = 0
    /// The log itself; an extract of one that is not sound is not to be handed on.
    package internal(set) var verification = VerificationReport()
  }

  /// Hands out the extract piece by piece. A line that takes back the answer of one that is in it is in it, too: it would
  /// be misleading without. Stops early when `write` returns false.
  package static func run(
    _ files: [String], _ query: RecordQuery, publicKeys: [VerifyingKey], isConnected: Bool,
    write: ([UInt8]) -> Bool
  ) throws(VerificationError) -> Result {
    guard !files.isEmpty else { throw .noFiles }
    let inputs = try LogInputs(files)
    if let extract = inputs.inOrder.first(where: { $0.extractFormat != nil }) {
      throw .isExtract(path: extract.name)
    }
    var options = VerificationOptions()
    options.publicKeys = publicKeys
    options.isLive = true
    var verifier = Verifier(options)
    var composer = ExtractComposer(isConnected: isConnected)
    for (index, input) in inputs.inOrder.enumerated() {
      var choice = Choice(query)
      try input.open().forEachLine { line, number, excess in
        verifier.read(line, at: LogPlace(file: index, line: number), excess: excess)
        guard excess == 0, let parsed = LogLine(line) else { return true }
        let from = vouching(line, as: parsed, keys: publicKeys)
        composer.read(line, as: parsed, isWanted: choice.takes(line), vouches: from)
        guard !composer.output.isEmpty else { return true }
        defer { composer.output.removeAll(keepingCapacity: true) }
        return write(composer.output)
      }
    }
    guard verifier.last != nil else { throw .noRecord }
    composer.finish()
    var result = Result()
    (result.written, result.oldFormat) = (composer.written, composer.unproven[.oldFormat] ?? 0)
    result.unsigned = composer.unproven[.unsigned] ?? 0
    result.verification = verifier.finish(found: [:])
    result.verification.files = inputs.inOrder.map(\.name)
    return result
  }

  /// From which number on the record vouches, if it does.
  private static func vouching(
    _ line: Span<UInt8>, as parsed: LogLine, keys: [VerifyingKey]
  ) -> UInt64? {
    guard case (.control, nil) = RecordForm.fault(in: line, as: parsed), let control = ControlRecord(line),
      control.isSealed, let key = control.key, keys.isEmpty || keys.contains(key),
      control.isSigned(by: key, line, as: parsed, format: 2)
    else { return nil }
    return control.from
  }

  /// Which lines of a file are asked for.
  private struct Choice {
    private let query: RecordQuery
    private var gate = GateNames()
    private var ids: Set<ByteString> = []

    init(_ query: RecordQuery) { self.query = query }

    mutating func takes(_ line: Span<UInt8>) -> Bool {
      let text = line.extracting(..<(line.count - (line.isTerminated ? 1 : 0)))
      guard let entry = try? RecordedEntry(text) else { return false }
      gate.read(entry)
      if entry.eventType == "gate-withheld" {
        // Of more requests than are known by their ids, each line that takes answers back may be about one.
        if ids.count >= AuditLimits.extractIDs || entry.otherIDs.contains(where: ids.contains) { return true }
      }
      guard query.match(entry, gate: gate) == .matches else { return false }
      if let id = entry.id, ids.count < AuditLimits.extractIDs { ids.insert(id) }
      return true
    }
  }
}
