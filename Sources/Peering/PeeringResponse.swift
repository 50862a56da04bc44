// A reply of Consul's about one peering, and what it must not say of others.

import HTTP
import JSON

/// Why a reply cannot be the one to what was asked.
package enum PeeringReplyFault: Error, Sendable, Hashable {
  case malformed(String)
  case noObject
  case noName
  case otherName
  case otherPartition
  case tooLong(limitBytes: Int)
}

/// The check of one reply to what is no list, in turns like that of a list.
package struct PeeringReplyCheck: ~Copyable {
  // Built once: it holds arrays of names.
  private static let scanner = ElementScanner(seeking: ["Name", "Partition"])

  private let request: PeeringRequest
  private var scan = ElementScan(of: .value, by: Self.scanner)

  package init(for request: PeeringRequest) { self.request = request }

  /// One turn over `body`, which is the same in each. Fails unless a successful reply is about the peering that was asked
  /// for, or about none. Consul's reply to a read names it, in the letters of its maker; those to changes name
  /// nothing. False if others are to have their turn first.
  package mutating func advance(over body: Span<UInt8>) throws(PeeringReplyFault) -> Bool {
    guard let peer = request.peer else { return true }
    if request.operation.access == .write, body.count > PeeringLimits.shortReplyBytes {
      throw .tooLong(limitBytes: PeeringLimits.shortReplyBytes)
    }
    var found: ScannedElement?
    do throws(Malformation) {
      guard try scan.advance(in: body, { found = $0 }) else { return false }
    } catch {
      // Of a change the caller learns what became of it, in whatever words, unless they are a list.
      if request.operation.access == .write, !PeeringResponse.carriesList(body) { return true }
      throw .malformed(error.description)
    }
    guard let found else { throw .noObject }
    try judge(found, in: body, peer)
    return true
  }

  private func judge(
    _ reply: ScannedElement, in body: Span<UInt8>, _ peer: PeerName
  ) throws(PeeringReplyFault) {
    guard reply.isObject else { throw .noObject }
    switch reply.findings.first {
    case .string(let range, isEscaped: false):
      guard PeerName(listed: body.extracting(range)) == peer else { throw .otherName }
    case .string, .otherValue, .ambiguous: throw .otherName
    case .absent:
      if request.operation == .read, !PeeringResponse.isEmpty(body.extracting(reply.range)) { throw .noName }
    }
    switch reply.findings.second {
    case .absent: break
    case .string(let range, isEscaped: false):
      guard range.isEmpty || Partition(body.extracting(range)) == request.partition else {
        throw .otherPartition
      }
    case .string, .otherValue, .ambiguous: throw .otherPartition
    }
  }
}

package enum PeeringResponse {
  /// All turns of `PeeringReplyCheck`, one after the other.
  package static func check(_ body: Span<UInt8>, to request: PeeringRequest) throws(PeeringReplyFault) {
    guard !isPlain(body, to: request) else { return }
    var check = PeeringReplyCheck(for: request)
    while try !check.advance(over: body) {}
  }

  /// Whether a short reply can be told to be good without a scan.
  private static func isPlain(_ body: Span<UInt8>, to request: PeeringRequest) -> Bool {
    guard let peer = request.peer else { return true }
    guard body.count <= PeeringLimits.plainReplyBytes else { return false }
    if PlainResponse.isAbout(peer, body) { return true }
    return !holdsBrace(body) && (request.operation != .read || !holdsText(body))
  }

  /// Whether an error's text holds what may be a peering: an object that is not empty, or one in a list, as it stands or
  /// quoted as a string. A brace alone is none. None of Consul's is so long that it could not be looked through in one go;
  /// nil of one that is.
  package static func carriesObjects(_ text: Span<UInt8>) -> Bool? {
    text.count > PeeringLimits.shortReplyBytes ? nil : find(in: text, listsOnly: false)
  }

  /// Whether it holds an object in a list.
  package static func carriesList(_ text: Span<UInt8>) -> Bool { find(in: text, listsOnly: true) }

  private static func find(in text: Span<UInt8>, listsOnly: Bool) -> Bool {
    var last = UInt8(ascii: " ")
    var isEscape = false
    for index in text.indices {
      let byte = text[index]
      defer { isEscape = byte == UInt8(ascii: "\\") && !isEscape }
      switch byte {
      case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: "\\"): continue
      case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"): if isEscape { continue }
      case UInt8(ascii: "{"): if last == UInt8(ascii: "[") { return true }
      case UInt8(ascii: "\""): if !listsOnly, last == UInt8(ascii: "{") { return true }
      default: break
      }
      last = byte
    }
    return false
  }

  fileprivate static func holdsBrace(_ text: Span<UInt8>) -> Bool {
    for index in text.indices where text[index] == UInt8(ascii: "{") { return true }
    return false
  }

  /// Without a letter and a quotation mark nobody is named.
  private static func holdsText(_ body: Span<UInt8>) -> Bool {
    guard !body.equals("null") else { return false }
    for index in body.indices {
      switch body[index] {
      case UInt8(ascii: "\""), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        0x80...:
        return true
      default: continue
      }
    }
    return false
  }

  /// Whether an error's text is one sentence, as all of Consul's are, and not the value of something, in whatever notation
  /// (JSON, Go's `%+v`, YAML, HTML, escapes of these).
  package static func isSentence(_ text: Span<UInt8>) -> Bool {
    guard text.count <= PeeringLimits.sentenceBytes else { return false }
    for index in text.indices {
      switch text[index] {
      case 0x0A, 0x0D: if index < text.count - 2 { return false }
      case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "\\"),
        UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: "%"), 0..<0x20, 0x7F:
        return false
      default: continue
      }
    }
    return true
  }

  fileprivate static func isEmpty(_ object: Span<UInt8>) -> Bool {
    for index in object.indices.dropFirst().dropLast() where object[index] > 0x20 { return false }
    return true
  }
}

extension PeeringReplyFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .malformed(let reason): "the reply is not JSON: \(reason)"
    case .noObject: "the reply is not about one peering"
    case .noName: "the reply names no peering"
    case .otherName: "the reply is about another peering"
    case .otherPartition: "the reply is about a peering of another partition"
    case .tooLong(let limit): "the reply is longer than \(limit) bytes"
    }
  }
}
