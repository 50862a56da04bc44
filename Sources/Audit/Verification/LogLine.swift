// A line of an audit log as a stranger finds it: bytes that end in a number and a digest.
import Digests

/// Nothing in this folder uses the writer's code. A fault there must not hide itself here.
///
///     line = "{" ... %s',"seq":' 1*DIGIT %s',"previous":"' 64HEXDIG %s'"}' LF
///
/// Only the end is read, at fixed distances from the newline: within JSON strings a quotation mark is
/// escaped, so that nothing a client sent can look like it.
struct LogLine {
  let sequence: UInt64
  let previous: SHA256Digest
  /// Where `,"seq":` begins.
  let payloadEnd: Int
  /// Where `,"previous":` begins.
  let bodyEnd: Int

  /// Nil for anything that does not end so. The last line of a file may lack its newline, and nothing else: a write
  /// that was cut short there has lost nothing.
  init?(_ line: Span<UInt8>) {
    let closing = line.count - (line.isTerminated ? 1 : 0) - LogLine.closing.utf8CodeUnitCount
    let end = closing - LogLine.digestDigits
    guard line.has(LogLine.closing, at: closing) else { return nil }
    let name = end - LogLine.previousName.utf8CodeUnitCount
    guard line.has(LogLine.previousName, at: name), let previous = LogLine.digest(in: line, at: end) else {
      return nil
    }
    var start = name
    var number: UInt64 = 0
    var weight: UInt64 = 1
    while start > 0, 48...57 ~= line[start - 1] {
      // Twenty digits do not fit; nineteen do.
      guard name - start < 19 else { return nil }
      start -= 1
      number += UInt64(line[start] - 48) * weight
      weight &*= 10
    }
    guard start < name, line[start] != 48,
      line.has(LogLine.sequenceName, at: start - LogLine.sequenceName.utf8CodeUnitCount)
    else { return nil }
    sequence = number
    payloadEnd = start - LogLine.sequenceName.utf8CodeUnitCount
    bodyEnd = name
    self.previous = previous
  }

  /// What the next line says as `previous`. In format 1 it is the digest of the line, whose newline counts, be it there or
  /// not; later SHA-256(`previous` ‖ SHA-256(the line before `,"previous":`)).
  func link(of line: Span<UInt8>, format: Int, by hash: inout SHA256) -> SHA256Digest {
    guard format > 1 else {
      hash.update(line)
      if !line.isTerminated { hash.update("\n".utf8.span) }
      return hash.finish()
    }
    hash.update(line.extracting(..<bodyEnd))
    return hash.digest(of: previous, and: hash.finish())
  }

  private static let digestDigits = 64
  private static let closing: StaticString = "\"}"
  private static let previousName: StaticString = ",\"previous\":\""
  private static let sequenceName: StaticString = ",\"seq\":"

  private static func digest(in line: Span<UInt8>, at start: Int) -> SHA256Digest? {
    var bytes = InlineArray<32, UInt8>(repeating: 0)
    for index in 0..<32 {
      guard let high = value(of: line[start + 2 * index]), let low = value(of: line[start + 2 * index + 1])
      else { return nil }
      bytes[index] = high << 4 | low
    }
    return SHA256Digest(bytes: bytes.span)
  }

  private static func value(of digit: UInt8) -> UInt8? {
    switch digit {
    case 48...57: digit - 48
    case 97...102: digit - 87
    default: nil
    }
  }
}

extension Span<UInt8> {
  var isTerminated: Bool { has("\n", at: count - 1) }

  /// Whether `text` stands at `start`; false where it would reach over either end.
  func has(_ text: StaticString, at start: Int) -> Bool {
    let count = text.utf8CodeUnitCount
    guard start >= 0, start + count <= self.count else { return false }
    for offset in 0..<count {
      // The only view of a StaticString is a pointer; it lives as long as the program.
      guard unsafe self[start + offset] == text.utf8Start[offset] else { return false }
    }
    return true
  }
}
