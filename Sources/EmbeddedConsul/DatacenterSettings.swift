// What an operator of an embedded datacenter chooses.

package import Bytes

package struct DatacenterSettings: Sendable {
  package enum Edition: Sendable {
    /// Refuses the `partition` parameter, even `default`, as Consul CE does.
    case community
    /// Keeps peerings apart by admin partition and shows `Partition` in every element.
    case enterprise
  }

  /// `dc1`
  package var name: ByteString
  /// The UUID in the trust domain and in the server name of tokens.
  package var clusterID: ByteString
  /// The CA in tokens, PEM with its final newline.
  package var caPem: ByteString
  /// `host:port` that tokens of this datacenter carry; other datacenters of the network find it by this text.
  package var serverAddress: ByteString
  package var access = AccessControl.disabled
  package var edition = Edition.enterprise
  package var isPeeringEnabled = true
  /// Names of services by the local name of the peer they are exported to.
  package var exportedServices: [ByteString: [ByteString]] = [:]
  package var heartbeatInterval = Duration.seconds(ConsulLimits.heartbeatIntervalSeconds)
  package var heartbeatTimeout = Duration.seconds(ConsulLimits.heartbeatTimeoutSeconds)
  /// From DELETING to absence. Consul needs about as long for a peering without imported services.
  package var deletionDelay = Duration.milliseconds(5)
  /// From a successful establish to the first dial of the stream. Consul takes a few milliseconds, or three
  /// seconds if its first try came before the secret.
  package var dialDelay = Duration.milliseconds(100)

  package init(name: ByteString, clusterID: ByteString, caPem: ByteString, serverAddress: ByteString) {
    self.name = name
    self.clusterID = clusterID
    self.caPem = caPem
    self.serverAddress = serverAddress
  }

  /// What a token names and a dialer expects in the server's certificate.
  package var serverName: ByteString { ByteString("server.\(name).peering.\(clusterID).consul") }

  /// What the other side is told of where a peering is held.
  func remotePartition(_ partition: ByteString) -> ByteString {
    edition == .enterprise ? partition : ""
  }
}
