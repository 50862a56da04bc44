// What a peering token says, as it stands in a line.
import JSON

extension Entry {
  /// The member `token` of `peering` with its value, written when it is made. Its texts come from the maker of the token,
  /// and may be any.
  package struct PeeringToken: Sendable {
    let member: [UInt8]

    /// - Parameters:
    ///   - moreAddresses: how many there are beside `addresses`.
    ///   - authorityDigests: SHA-256 of the certificates that the other cluster must show, in hexadecimal.
    package init(
      datacenter: String, partition: String, serverName: String, peerID: String, addresses: [String],
      moreAddresses: Int, authorityDigests: [String]
    ) {
      var writer = Writer()
      writer.beginObject()
      for (name, text) in [
        ("datacenter", datacenter), ("partition", partition), ("server_name", serverName),
        ("peer_id", peerID),
      ] as [(StaticString, String)] where !text.utf8.isEmpty {
        writer.member(name, client: Array(text.utf8), limit: AuditLimits.peeringTokenTextBytes)
      }
      writer.beginArray("addresses")
      for address in addresses.prefix(AuditLimits.peeringTokenAddresses) {
        ClientText.append(address.utf8.span, limit: AuditLimits.peeringTokenTextBytes, to: &writer)
      }
      writer.endArray()
      let unwritten = moreAddresses + max(0, addresses.count - AuditLimits.peeringTokenAddresses)
      if unwritten > 0 { writer.member("more_addresses", unwritten) }
      writer.beginArray("ca_digests")
      for digest in authorityDigests.prefix(AuditLimits.peeringTokenAuthorities) { writer.string(digest) }
      writer.endArray()
      writer.endObject()
      member = Array(#","token":"#.utf8) + writer.finish()
    }

    /// Of a token that says nothing that Consul is sure to read as anybody else.
    package static let unclear = PeeringToken(member: Array(#","token":{"unclear":true}"#.utf8))

    private init(member: [UInt8]) { self.member = member }
  }
}
