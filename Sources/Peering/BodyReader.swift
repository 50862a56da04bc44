// Reads the JSON bodies by the documented schema, and by nothing else.

import Bytes
import HTTP
import JSON

/// One object with known keys, exact in case. Consul's decoder takes keys in any case, takes the last of
/// several and ignores what follows the object: each of these is a second reading, and refused. Texts are
/// those of Consul's decoder where the fault is one to it too.
struct BodyReader {
  private let schema: Schema
  private let members: [Member]

  /// What Go calls the type and which keys it has.
  enum Schema: String {
    case generate = "PeeringGenerateTokenRequest"
    case establish = "PeeringEstablishRequest"

    var keys: [ByteString] {
      switch self {
      case .generate: ["PeerName", "Partition", "ServerExternalAddresses", "Meta"]
      case .establish: ["PeerName", "Partition", "PeeringToken", "Meta"]
      }
    }
  }

  init(_ body: Span<UInt8>, schema: Schema) throws(Refusal) {
    self.schema = schema
    let limits = Limits(
      textBytes: body.count, depth: PeeringLimits.bodyDepth, values: PeeringLimits.bodyValues)
    let document: Node
    do {
      document = try Document.parse(body, limits: limits)
    } catch {
      throw .undecodableBody(GoDecoding.text(for: error, in: body), key: GoDecoding.longKey(error))
    }
    switch document.value {
    case .object(let members): self.members = members
    // To Consul's decoder null is an object without members.
    case .null: members = []
    default:
      throw .undecodableBody(
        "json: cannot unmarshal \(GoDecoding.kind(document.value)) into Go value of type "
          + "api.\(schema.rawValue)"
      )
    }
    for member in members where !schema.keys.contains(member.name) {
      throw unknown(member.name)
    }
  }

  /// A string; nil if it is absent or null.
  func string(_ key: ByteString) throws(Refusal) -> ByteString? {
    guard let value = value(key) else { return nil }
    guard case .string(let text) = value else { throw mismatch(value, key, "string") }
    return text
  }

  func strings(_ key: ByteString) throws(Refusal) -> [ByteString] {
    guard let value = value(key) else { return [] }
    guard case .array(let elements) = value else { throw mismatch(value, key, "[]string") }
    var strings: [ByteString] = []
    for element in elements {
      guard case .string(let text) = element.value else { throw mismatch(element.value, key, "string") }
      strings.append(text)
    }
    return strings
  }

  func pairs(_ key: ByteString) throws(Refusal) -> [ByteString: ByteString] {
    guard let value = value(key) else { return [:] }
    guard case .object(let members) = value else { throw mismatch(value, key, "map[string]string") }
    var pairs: [ByteString: ByteString] = [:]
    for member in members {
      guard case .string(let text) = member.node.value else {
        throw mismatch(member.node.value, key, "string")
      }
      guard member.name.count <= PeeringLimits.bodyKeyBytes else {
        throw .undecodableBody(
          "a key of \(key) has \(member.name.count) bytes: send at most \(PeeringLimits.bodyKeyBytes)")
      }
      pairs[member.name] = text
    }
    return pairs
  }

  /// The value of a key; null counts as absent, as in Consul.
  private func value(_ key: ByteString) -> Value? {
    let value = members.first { $0.name == key }?.node.value
    if case .null = value { return nil }
    return value
  }

  private func mismatch(_ value: Value, _ key: ByteString, _ type: String) -> Refusal {
    .undecodableBody(
      "json: cannot unmarshal \(GoDecoding.kind(value)) into Go struct field \(schema.rawValue).\(key) "
        + "of type \(type)"
    )
  }

  /// A key longer than any of the schema's is not repeated: it may be a secret in the wrong place. Nor is one that is the
  /// peering token.
  private func unknown(_ name: ByteString) -> Refusal {
    guard name.count <= PeeringLimits.quotedKeyBytes, !members.contains(where: { $0.isPeeringToken(name) })
    else {
      let key = QuotedInput(name.string, as: .length)
      return .undecodableBody("json: unknown field \(key)", key: key)
    }
    let text = "json: unknown field \(GoDecoding.quoted(name.string))"
    guard let meant = schema.keys.first(where: { $0.equalsIgnoringASCIICase(name) }) else {
      return .undecodableBody(text)
    }
    return .undecodableBody(text + "; send it as \"\(meant)\", keys are exact in case")
  }
}

extension Member {
  fileprivate func isPeeringToken(_ text: ByteString) -> Bool {
    guard self.name == "PeeringToken", case .string(let value) = node.value else { return false }
    return value == text
  }
}
