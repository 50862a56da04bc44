// A request field whose value an operator may have recorded.

import Bytes

/// Any field but those that carry credentials: those cannot be asked for, whatever their letter case.
package struct RecordableField: Sendable, Hashable {
  /// As the operator wrote it, and as it stands in the record.
  package let name: String
  private let lowercased: [UInt8]

  package enum Fault: Error, Sendable, Hashable {
    /// RFC 9110 5.1: a name is a token, at most `longestBytes` long here.
    case notAName
    case credential
  }

  package static let longestBytes = 64

  package init(_ name: String) throws(Fault) {
    guard (1...Self.longestBytes).contains(name.utf8.count),
      name.utf8.allSatisfy({ ByteClass.token.contains($0) })
    else { throw .notAName }
    self.name = name
    lowercased = name.utf8.map(ASCII.lowercased)
    if let known = FieldNameTable.shared.find(name.utf8.span), Self.credentials.contains(known) {
      throw .credential
    }
    // A client has no business sending this one, and it is a secret all the same.
    if name.utf8.span.equals(lowercased: "set-cookie") { throw .credential }
  }

  private static let credentials: Set<FieldName> = [
    .xConsulToken, .authorization, .proxyAuthorization, .cookie,
  ]

  package func isSame(as other: RecordableField) -> Bool { lowercased == other.lowercased }

  /// Host and User-Agent have members of their own in a record.
  package var isAlwaysRecorded: Bool {
    lowercased.span.equals("host") || lowercased.span.equals("user-agent")
  }

  /// Whether the name holds a word that secrets are called by.
  package var soundsSecret: Bool {
    let text = ByteString(String(decoding: lowercased, as: UTF8.self))
    let words: [ByteString] = [
      "token", "secret", "password", "api-key", "apikey", "auth", "cookie", "session", "credential",
      "signature",
    ]
    return words.contains { text.contains($0) }
  }

  func isSpelt(by name: Span<UInt8>) -> Bool {
    guard name.count == lowercased.count else { return false }
    for index in name.indices where ASCII.lowercased(name[index]) != lowercased[index] { return false }
    return true
  }
}
