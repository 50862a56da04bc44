// The lines of an extract that are no records: its first one, and those that stand for what was left out.
package import Digests

/// An extract of a log is lines, too:
///
///     extract  = header *( left-out / record )
///     header   = %s'{"extract":"peergate audit log","format":1}' LF
///     left-out = %s'{"left_out":{"first":' NUMBER %s',"last":' NUMBER [ %s',"digests":"' BASE64 DQUOTE ] %s'}}' LF
///     record   = a line of the log, byte for byte
///
/// Numbers run on without a gap. `digests` are, one after the other, the SHA-256 of each line before `,"previous":`, which
/// is all that the link behind it takes of it. Where they are missing nothing is needed of those lines: what is before them
/// is signed, and the line behind them says itself upon which link it follows.
///
/// Such a digest tells nothing of a line that nobody can guess, and a request's has 128 random bits in its `id`. Lines that
/// no request caused have nothing random but their microseconds: anyone who has an extract can try out what they say.
package enum ExtractLine: Sendable, Equatable {
  case header(format: Int)
  /// What is left out, and the digests of it, none where they are not needed.
  case leftOut(ClosedRange<UInt64>, digests: [SHA256Digest])

  package static let format = 1

  /// Nil for everything else, and for every other spelling.
  package init?(_ line: Span<UInt8>) {
    var scanner = RecordScanner(at: 0)
    let end = line.count - (line.isTerminated ? 1 : 0)
    if scanner.take("{\"extract\":\"peergate audit log\",\"format\":", in: line) {
      guard let format = scanner.count(in: line), format <= 1_000, scanner.take("}", in: line),
        scanner.index == end
      else { return nil }
      self = .header(format: Int(format))
      return
    }
    guard scanner.take("{\"left_out\":{\"first\":", in: line), let first = scanner.count(in: line),
      scanner.take(",\"last\":", in: line), let last = scanner.count(in: line), 0 < first, first <= last
    else { return nil }
    var digests: [SHA256Digest] = []
    if scanner.take(",\"digests\":\"", in: line) {
      guard last - first < AuditLimits.digestsPerLine else { return nil }
      let count = Int(last - first) + 1
      let textEnd = scanner.index + (count * SHA256Digest.byteCount + 2) / 3 * 4
      guard textEnd <= end, let bytes = try? Base64.decode(line.extracting(scanner.index..<textEnd)),
        bytes.count == count * SHA256Digest.byteCount
      else { return nil }
      for start in stride(from: 0, to: bytes.count, by: SHA256Digest.byteCount) {
        let digest = bytes.span.extracting(start..<start + SHA256Digest.byteCount)
        if let digest = SHA256Digest(bytes: digest) { digests.append(digest) }
      }
      scanner = RecordScanner(at: textEnd)
      guard scanner.take("\"", in: line) else { return nil }
    }
    guard scanner.take("}}", in: line), scanner.index == end else { return nil }
    self = .leftOut(first...last, digests: digests)
  }
}

extension RecordScanner {
  /// A number of at most 19 digits, which all fit.
  fileprivate mutating func count(in line: Span<UInt8>) -> UInt64? {
    let start = index
    guard number(in: line), index - start <= 19 else { return nil }
    var value: UInt64 = 0
    for place in start..<index { value = value * 10 + UInt64(line[place] - 48) }
    return value
  }
}
