// What a request came with that is nobody's to read, and how it is kept out of what is written.

package import Bytes
package import HTTP
package import Peering
internal import Synchronization

/// The secrets of one request: those of its fields, whether or not they were accepted, and the peering token of its
/// body. A client that puts one of them where a name, a path or its own description belongs must not find it in a
/// record or in an answer.
///
/// A class, since the requests of a connection share it for as long as their fields are the same.
package final class PresentedSecrets: Sendable {
  private let fields: Fields?
  private let credential: Credential?
  private let peeringToken: PresentedPeeringToken?
  /// Bit n: one of them may be n bytes long, of the last bit so long or longer. Most texts are told apart by that alone.
  private let lengths: UInt64
  private let madeSearch = Mutex<SecretSearch?>(nil)

  package static let none = PresentedSecrets(fields: nil, credential: nil, peeringToken: nil)

  package convenience init(fields: Fields) { self.init(fields: fields, credential: nil, peeringToken: nil) }

  /// Of a request whose fields are given back while Consul is waited for: the credential that was accepted stands for
  /// them. And of the gate itself.
  package convenience init(credential: Credential?) {
    self.init(fields: nil, credential: credential, peeringToken: nil)
  }

  private init(fields: Fields?, credential: Credential?, peeringToken: PresentedPeeringToken?) {
    self.fields = fields
    self.credential = credential
    self.peeringToken = peeringToken
    var found: UInt64 = 0
    Self.forEach(of: fields, credential, peeringToken) { found |= 1 << UInt64(min($0.count, 63)) }
    lengths = found
  }

  /// Its body has come with one more.
  package func adding(_ peeringToken: PresentedPeeringToken) -> PresentedSecrets {
    PresentedSecrets(fields: fields, credential: credential, peeringToken: peeringToken)
  }

  /// What stands for one of them, in Consul's word.
  package static let mark = "<hidden>"

  /// Whether `text` is one of them, whole.
  package func contain(_ text: Span<UInt8>) -> Bool {
    guard lengths & 1 << UInt64(min(text.count, 63)) != 0 else { return false }
    var isSame = false
    forEach { secret in isSame = isSame || secret.count == text.count && text.hasBytes(of: secret, at: 0) }
    return isSame
  }

  /// Whether one of them stands in `text`.
  package func stand(in text: Span<UInt8>) -> Bool { firstRange(in: text) != nil }

  /// Where one of them stands in `text`, the one that ends first.
  package func firstRange(in text: Span<UInt8>) -> Range<Int>? {
    // Only what is no longer than the text can stand in it.
    guard lengths != 0, text.count >= 63 || lengths & (1 << UInt64(text.count + 1) &- 1) != 0 else {
      return nil
    }
    return search.firstRange(in: text)
  }

  /// `text`, with a mark instead of each of them.
  package func hidden(in text: [UInt8]) -> [UInt8] {
    stand(in: text.span) ? search.replaced(in: text, by: Self.mark.utf8) : text
  }

  /// Made when it is first needed: most texts are too short for most secrets.
  private var search: SecretSearch {
    madeSearch.withLock { made in
      if let made { return made }
      let search = SecretSearch { add in forEach(add) }
      made = search
      return search
    }
  }

  private func forEach(_ body: (Span<UInt8>) -> Void) {
    Self.forEach(of: fields, credential, peeringToken, body)
  }

  /// Lends each. More lines than `RecordLimits.presentedSecrets` of one field are not looked at: such a request is
  /// refused without a text that repeats any of it.
  private static func forEach(
    of fields: Fields?, _ credential: Credential?, _ peeringToken: PresentedPeeringToken?,
    _ body: (Span<UInt8>) -> Void
  ) {
    var count = 0
    func lend(_ secret: ArraySlice<UInt8>) {
      if !secret.isEmpty, !secret.span.equals("anonymous") { body(secret.span) }
    }
    fields?.forEach(.xConsulToken) { value in
      count += 1
      if count <= RecordLimits.presentedSecrets { lend(value.bytes) }
    }
    count = 0
    var words = 0
    fields?.forEach(.authorization) { value in
      count += 1
      guard count <= RecordLimits.presentedSecrets else { return }
      // RFC 9110 11.4: a scheme, a blank, and what is secret: one text, or parameters, whose values may be quoted.
      let blanks = Array(" \t".utf8)
      lend(value.bytes.drop { !blanks.contains($0) }.drop { blanks.contains($0) })
      for separators in [blanks, Array(" \t,;=\"".utf8)] {
        for word in value.bytes.split(whereSeparator: { separators.contains($0) }) {
          guard word.count >= RecordLimits.wordSecretBytes, words < RecordLimits.authorizationWords else {
            continue
          }
          words += 1
          lend(word)
        }
      }
      if let last = value.bytes.split(whereSeparator: { blanks.contains($0) }).last { lend(last) }
    }
    if fields == nil { credential?.withBytes { secret in if !secret.equals("anonymous") { body(secret) } } }
    if let peeringToken {
      lend(peeringToken.bytes[...])
      if let secret = peeringToken.secret { lend(Array(secret.utf8)[...]) }
    }
  }
}

/// What is spent by establishing, and the secret in it, which is as good as the whole.
package struct PresentedPeeringToken: Sendable {
  package let bytes: [UInt8]
  package let secret: ByteString?

  package init(bytes: [UInt8], secret: ByteString?) {
    self.bytes = bytes
    self.secret = secret
  }
}

extension Span<UInt8> {
  fileprivate func hasBytes(of other: Span<UInt8>, at offset: Int) -> Bool {
    guard offset + other.count <= count else { return false }
    for index in other.indices where self[offset + index] != other[index] { return false }
    return true
  }
}
