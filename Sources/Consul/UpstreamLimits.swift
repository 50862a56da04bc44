// Every size, count and time of speaking with Consul, with its unit and its default.

package import HTTP

package struct UpstreamLimits: Sendable, Equatable {
  /// Connections to Consul over all workers. Consul refuses the 201st from one address
  /// (`limits.http_max_conns_per_client`), and the gate is one address.
  package var connections = 180
  /// How many of them blocking queries may hold, in hundredths: the rest stays free for everybody else.
  package var blockingPercent = 75
  /// How long a request waits for one of them before it is told to come back.
  package var queueTimeout = Duration.seconds(1)
  package var connectTimeout = Duration.seconds(3)
  /// From the request's last byte to the head of the reply. A leaderless Consul takes a minute to say so, and a
  /// denied read up to 12 seconds.
  package var headTimeout = Duration.seconds(75)
  /// Silence between two pieces of a reply.
  package var pauseTimeout = Duration.seconds(15)
  /// What a blocking query may take beyond its own wait and Consul's jitter of a sixteenth.
  package var blockingSlack = Duration.seconds(10)
  package var idleTimeout = Duration.seconds(60)
  /// A reply's body: about 100,000 peerings.
  package var replyBytes = 64 * 1024 * 1024

  package init() {}

  /// Of the connections, those that blocking queries may hold.
  package var blockingConnections: Int { connections * blockingPercent / 100 }

  /// Of the connections, those that only a plain read may take: neither blocking queries nor changes, which Consul
  /// may take long to answer, keep a read waiting for more than its turn.
  package var connectionsForReads: Int { max(1, connections / 10) }

  package var reply: HTTPLimits {
    var limits = HTTPLimits.standard
    limits.bodyBytes = replyBytes
    limits.reservedBodyBytes = Self.reservedReplyBytes
    return limits
  }

  /// Bytes reserved for a reply's body when that many are announced: fifteen thousand peerings. Memory that is not
  /// written is only addresses.
  static let reservedReplyBytes = 8 << 20
  /// How often a request that waits for an upstream connection looks again whether other workers have freed one.
  static let budgetPause = Duration.milliseconds(10)
  /// How long Consul's name stands for the addresses it resolved to.
  static let addressLifetime = Duration.seconds(30)
}
