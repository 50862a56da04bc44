// The number and the link that make a line part of one log.
import Digests

/// Where a log stands: the number of its last line and the link behind it.
///
/// A line is its body, which ends with `seq`, and the link before it:
///
///     body,"previous":"<64 hexadecimal digits>"}
///
/// The link behind a line is SHA-256(link before it ‖ SHA-256(body)), hence stands for every line up to it. That the
/// body is digested by itself lets a single line be proved to be part of a log with 32 bytes for each that was left out.
struct Chain: Sendable, Equatable {
  /// 0 before the first line.
  private(set) var last: UInt64
  /// All zero before the first line.
  private(set) var link: SHA256Digest

  static let beginning = Chain(last: 0, link: zero)

  /// The format of the lines that are written, as `audit-open` says it. Format 1 had no number there, and a link was
  /// the SHA-256 of the line before.
  static let format = 2

  init(last: UInt64, link: SHA256Digest) {
    self.last = last
    self.link = link
  }

  /// Appends `line` to `output` with what only the journal knows, and ends it.
  mutating func close(
    _ line: Span<UInt8>, appendingTo output: inout [UInt8], hash: inout SHA256
  ) {
    let start = output.count
    last += 1
    output.append(addingCapacity: line.count + AuditLimits.lineEndBytes) { end in
      end.append(bytes: line)
      end.append(#","seq":"#, last)
      end.append(json: #","previous":""#)
      link.appendHexadecimal(to: &end)
      end.append(json: "\"}\n")
    }
    hash.update(output.span.extracting(start..<output.count - AuditLimits.linkBytes))
    link = hash.digest(of: link, and: hash.finish())
  }

  /// Where the log stands behind `line`, a whole one of number `last` with its newline.
  init?(after line: Span<UInt8>, number last: UInt64) {
    let bodyEnd = line.count - AuditLimits.linkBytes
    let digits = bodyEnd + #","previous":""#.utf8.count
    guard bodyEnd > 0,
      let before = SHA256Digest(
        hexadecimal: String(decoding: (digits..<digits + 64).map { line[$0] }, as: UTF8.self))
    else { return nil }
    var hash = SHA256()
    hash.update(line.extracting(..<bodyEnd))
    self.init(last: last, link: hash.digest(of: before, and: hash.finish()))
  }

  private static let zero: SHA256Digest = {
    guard let zero = SHA256Digest(bytes: [UInt8](repeating: 0, count: SHA256Digest.byteCount).span) else {
      preconditionFailure("a digest has as many bytes as it says")
    }
    return zero
  }()
}
