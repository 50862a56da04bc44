// The peering token: base64 of a JSON object that one side makes and the other spends.

import Bytes
import JSON

struct PeeringToken: Sendable, Hashable {
  var caPems: [ByteString]
  var manualServerAddresses: [ByteString]
  var serverAddresses: [ByteString]
  var serverName: ByteString
  var peerID: ByteString
  var establishmentSecret: ByteString
  var remotePartition: ByteString
  var remoteDatacenter: ByteString

  /// Members in the order of Consul's struct; a missing list is null.
  func encoded() -> String {
    var writer = Writer(escaping: .go)
    writer.beginObject()
    writer.key("CA")
    writer.stringsOrNull(caPems)
    writer.key("ManualServerAddresses")
    writer.stringsOrNull(manualServerAddresses)
    writer.key("ServerAddresses")
    writer.stringsOrNull(serverAddresses)
    writer.key("ServerName")
    writer.string(serverName.string)
    writer.key("PeerID")
    writer.string(peerID.string)
    writer.key("EstablishmentSecret")
    writer.string(establishmentSecret.string)
    writer.key("Remote")
    writer.beginObject()
    writer.key("Partition")
    writer.string(remotePartition.string)
    writer.key("Datacenter")
    writer.string(remoteDatacenter.string)
    writer.key("Locality")
    writer.null()
    writer.endObject()
    writer.endObject()
    return GoBase64.encode(writer.finish())
  }

  static func decode(_ text: ByteString) throws(PeeringTokenError) -> PeeringToken {
    let bytes: [UInt8]
    do {
      bytes = try GoBase64.decode(Array(text.utf8))
    } catch {
      throw .base64(error.text)
    }
    let values: [ByteString: GoStruct.Value]
    do {
      values = try shape.decodeWhole(bytes)
    } catch {
      throw .json(error.text)
    }
    let remote = values.object("Remote")
    return PeeringToken(
      caPems: values.strings("CA"), manualServerAddresses: values.strings("ManualServerAddresses"),
      serverAddresses: values.strings("ServerAddresses"), serverName: values.string("ServerName"),
      peerID: values.string("PeerID"), establishmentSecret: values.string("EstablishmentSecret"),
      remotePartition: remote.string("Partition"), remoteDatacenter: remote.string("Datacenter"))
  }

  private static let shape = GoStruct(
    typeName: "structs.PeeringToken",
    fields: [
      ("CA", .strings), ("ManualServerAddresses", .strings), ("ServerAddresses", .strings),
      ("ServerName", .string),
      ("PeerID", .string), ("EstablishmentSecret", .string),
      (
        "Remote",
        .object(
          GoStruct(
            typeName: "structs.PeeringTokenRemote",
            fields: [("Partition", .string), ("Datacenter", .string), ("Locality", .anything)]))
      ),
    ])
}

extension PeeringToken: CustomStringConvertible {
  /// Names the peering and keeps its secret.
  var description: String { "peering token for \(peerID) at \(serverName)" }
}

/// The caller's fault, in Consul's words.
enum PeeringTokenError: Error, Sendable, Hashable {
  case base64(String)
  case json(String)
  case certificate(String)
  case noServerAddresses
  case serverAddress(ByteString)
  case noServerName
  case noPeerID

  var text: String {
    switch self {
    case .base64(let cause): "failed to decode token: \(cause)"
    case .json(let cause): cause
    case .certificate(let cause): "peering token invalid CA: \(cause)"
    case .noServerAddresses: "peering token server addresses value is empty"
    case .serverAddress(let address): "\(address) is not a valid peering server address"
    case .noServerName: "peering token server name value is empty"
    case .noPeerID: "peering token peer ID value is empty"
    }
  }
}

extension [ByteString: GoStruct.Value] {
  func string(_ name: ByteString) -> ByteString {
    if case .string(let text) = self[name] { text } else { "" }
  }

  func strings(_ name: ByteString) -> [ByteString] {
    if case .strings(let list) = self[name] { list } else { [] }
  }

  func stringMap(_ name: ByteString) -> [ByteString: ByteString] {
    if case .stringMap(let map) = self[name] { map } else { [:] }
  }

  func object(_ name: ByteString) -> [ByteString: GoStruct.Value] {
    if case .object(let members) = self[name] { members } else { [:] }
  }
}

extension Writer {
  /// Go writes an absent list as null.
  mutating func stringsOrNull(_ list: [ByteString]) {
    if list.isEmpty { return null() }
    beginArray()
    for element in list { string(element.string) }
    endArray()
  }
}
