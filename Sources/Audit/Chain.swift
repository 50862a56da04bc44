// The number and the link that make a line part of one log.
import Digests

/// Where a log stands: the number of its last line and that line's digest.
///
/// A line carries its own `seq` and, as `previous`, the SHA-256 of the line before with its newline, so
/// that `sed -n 41p audit.log | sha256sum` gives what line 42 must say. The digest covers the line's own
/// `previous`, hence every line before it.
struct Chain: Sendable, Equatable {
  /// 0 before the first line.
  private(set) var last: UInt64
  /// All zero before the first line.
  private(set) var link: SHA256Digest

  static let beginning = Chain(last: 0, link: zero)

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
    hash.update(output.span.extracting(start...))
    link = hash.finish()
  }

  private static let zero: SHA256Digest = {
    guard let zero = SHA256Digest(bytes: [UInt8](repeating: 0, count: SHA256Digest.byteCount).span) else {
      preconditionFailure("a digest has as many bytes as it says")
    }
    return zero
  }()
}
