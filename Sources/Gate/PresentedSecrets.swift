// What a request came with that is nobody's to read, and how it is kept out of what is written.

internal import HTTP
internal import Peering

/// The secrets of one request: those of its fields, whether or not they were accepted, and the peering token of its
/// body. A client that puts one of them where a name, a path or its own description belongs must not find it in a
/// record or in an answer.
///
/// A class, since the requests of a connection share it for as long as their fields are the same.
final class PresentedSecrets: Sendable {
  private let fields: Fields?
  private let credential: Credential?
  private let peeringToken: [UInt8]?
  /// Bit n: one of them may be n bytes long, of the last bit so long or longer. Most texts are told apart by that alone.
  private let lengths: UInt64

  static let none = PresentedSecrets(fields: nil, credential: nil, peeringToken: nil)

  convenience init(fields: Fields) { self.init(fields: fields, credential: nil, peeringToken: nil) }

  /// Of a request whose fields are given back while Consul is waited for: the credential that was accepted stands for
  /// them. And of the gate itself.
  convenience init(credential: Credential?) {
    self.init(fields: nil, credential: credential, peeringToken: nil)
  }

  private init(fields: Fields?, credential: Credential?, peeringToken: [UInt8]?) {
    self.fields = fields
    self.credential = credential
    self.peeringToken = peeringToken
    var found: UInt64 = 0
    Self.forEach(of: fields, credential, peeringToken) { found |= 1 << UInt64(min($0.count, 63)) }
    lengths = found
  }

  /// Its body has come with one more.
  func adding(peeringToken: [UInt8]) -> PresentedSecrets {
    PresentedSecrets(fields: fields, credential: credential, peeringToken: peeringToken)
  }

  /// What stands for one of them, in Consul's word.
  static let mark = "<hidden>"

  /// Whether `text` is one of them, whole.
  func contain(_ text: Span<UInt8>) -> Bool {
    guard lengths & 1 << UInt64(min(text.count, 63)) != 0 else { return false }
    var isSame = false
    forEach { secret in isSame = isSame || secret.count == text.count && text.hasBytes(of: secret, at: 0) }
    return isSame
  }

  /// Whether one of them stands in `text`.
  func stand(in text: Span<UInt8>) -> Bool {
    // Only what is no longer than the text can stand in it.
    guard text.count >= 63 || lengths & (1 << UInt64(text.count + 1) &- 1) != 0 else { return false }
    var isFound = false
    forEach { secret in isFound = isFound || text.firstRange(of: secret, from: 0) != nil }
    return isFound
  }

  /// `text`, with a mark instead of each of them.
  func hidden(in text: [UInt8]) -> [UInt8] {
    var text = text
    forEach { secret in
      var rest = 0
      while let range = text.span.firstRange(of: secret, from: rest) {
        text.replaceSubrange(range, with: Self.mark.utf8)
        rest = range.lowerBound + Self.mark.utf8.count
      }
    }
    return text
  }

  private func forEach(_ body: (Span<UInt8>) -> Void) {
    Self.forEach(of: fields, credential, peeringToken, body)
  }

  /// Lends each. More lines than `GateLimits.presentedSecrets` of one field are not looked at: such a request is
  /// refused without a text that repeats any of it. A secret that is longer than all that is written of a text cannot
  /// stand in it.
  private static func forEach(
    of fields: Fields?, _ credential: Credential?, _ peeringToken: [UInt8]?, _ body: (Span<UInt8>) -> Void
  ) {
    var count = 0
    func lend(_ secret: ArraySlice<UInt8>) {
      guard !secret.isEmpty, secret.count <= GateLimits.presentedSecretBytes, !secret.span.equals("anonymous")
      else { return }
      body(secret.span)
    }
    fields?.forEach(.xConsulToken) { value in
      count += 1
      if count <= GateLimits.presentedSecrets { lend(value.bytes) }
    }
    count = 0
    fields?.forEach(.authorization) { value in
      count += 1
      // RFC 9110 11.4: a scheme, a blank, and what is secret.
      let start = value.bytes.lastIndex { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
      if count <= GateLimits.presentedSecrets {
        lend(value.bytes[(start.map { $0 + 1 } ?? value.bytes.startIndex)...])
      }
    }
    if fields == nil { credential?.withBytes { secret in if !secret.equals("anonymous") { body(secret) } } }
    if let peeringToken { lend(peeringToken[...]) }
  }
}

extension Span<UInt8> {
  /// A short secret may be a word like any other: it counts where it is a word by itself.
  fileprivate func firstRange(of secret: Span<UInt8>, from start: Int) -> Range<Int>? {
    var index = start
    while index + secret.count <= count {
      if self[index] == secret[0], hasBytes(of: secret, at: index) {
        let end = index + secret.count
        let isWord = (index == 0 || !isInWord(index - 1)) && (end == count || !isInWord(end))
        if isWord || secret.count >= GateLimits.wordSecretBytes { return index..<end }
      }
      index += 1
    }
    return nil
  }

  fileprivate func hasBytes(of other: Span<UInt8>, at offset: Int) -> Bool {
    guard offset + other.count <= count else { return false }
    for index in other.indices where self[offset + index] != other[index] { return false }
    return true
  }

  private func isInWord(_ index: Int) -> Bool {
    switch self[index] {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
