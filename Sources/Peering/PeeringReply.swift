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
}

package enum PeeringReply {
  // Built once: it holds arrays of names.
  private static let scanner = ElementScanner(seeking: ["Name", "Partition"])

  /// Fails unless a successful reply is about the peering that was asked for, or about none. Consul's reply to a read
  /// names it, in the letters of whoever made it; those to changes name nothing.
  package static func check(_ body: Span<UInt8>, to request: PeeringRequest) throws(PeeringReplyFault) {
    guard let peer = request.peer, !PlainReply.isAbout(peer, body), holdsBrace(body) else { return }
    let reply: ScannedElement
    do throws(Malformation) {
      reply = try scanner.scan(value: body)
    } catch {
      // Of a change the caller learns what became of it, in whatever words, unless they are a list.
      if request.operation.access == .write, !carriesList(body) { return }
      throw .malformed(error.description)
    }
    guard reply.isObject else { throw .noObject }
    switch reply.findings.first {
    case .string(let range, isEscaped: false):
      guard PeerName(listed: body.extracting(range)) == peer else { throw .otherName }
    case .string, .otherValue, .ambiguous: throw .otherName
    case .absent: if request.operation == .read, !isEmpty(body.extracting(reply.range)) { throw .noName }
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

  /// Whether an error's text holds what may be a peering: an object that is not empty, or one in a list, as it stands or
  /// quoted as a string. A brace alone is none.
  package static func carriesObjects(_ text: Span<UInt8>) -> Bool { find(in: text, listsOnly: false) }

  private static func carriesList(_ text: Span<UInt8>) -> Bool { find(in: text, listsOnly: true) }

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

  private static func holdsBrace(_ text: Span<UInt8>) -> Bool {
    for index in text.indices where text[index] == UInt8(ascii: "{") { return true }
    return false
  }

  private static func isEmpty(_ object: Span<UInt8>) -> Bool {
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
    }
  }
}
