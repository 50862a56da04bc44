// Every size, count and time of the gate, with its unit and its default.

package import Consul
internal import HTTP
package import Policy

/// What the `limits` block of the configuration may change. Relations between limits are checked in `fault`.
package struct GateLimits: Sendable, Equatable {
  // The client's side
  /// Connections served at once, over all workers. More wait in the kernel's queue.
  package var connections = 10_000
  /// Of one address (of one network of 64 bits, if it is IPv6); nil: see `connectionsPerAddress(of:)`.
  package var connectionsPerAddress: Int?
  /// Balancers and other proxies, behind which many clients have one address.
  package var exemptAddresses: [AddressRange] = []
  /// From accept to the end of the TLS handshake. Consul's name and default.
  package var httpsHandshakeTimeout = Duration.seconds(5)
  /// How long a connection may stay without a request.
  package var idleTimeout = Duration.seconds(75)
  /// From the first byte of a head to its last, and again for a body.
  package var requestTimeout = Duration.seconds(15)
  /// How long a client may take to accept an answer.
  package var responseTimeout = Duration.seconds(30)
  package var requestLineBytes = HTTPLimits.standard.startLineBytes
  package var fieldLineBytes = HTTPLimits.standard.fieldLineBytes
  package var fieldCount = HTTPLimits.standard.fieldCount
  package var headBytes = HTTPLimits.standard.headBytes
  /// A request's body. Consul itself has no limit here; its transport fails beyond 4 MiB.
  package var bodyBytes = HTTPLimits.standard.bodyBytes

  // Consul's side
  package var upstream = UpstreamLimits()
  /// What one token may have, in hundredths of what all have together: of the blocking queries, of the connections to
  /// Consul and the changes they are used for, and of the bytes of replies, and of requests, that are held while clients
  /// read or send them. Less while others have some: see `SubjectLimits`.
  package var blockingPercentPerToken = 50
  package var upstreamPercentPerToken = 50
  package var contentPercentPerToken = 50
  /// Requests of one token that wait for a connection to Consul at once.
  package var queuedRequestsPerToken = 1_024

  // Both sides
  /// Bodies of requests and replies held at once, over all workers; requests of callers who are known may have half of
  /// it, those of anonymous ones an eighth. Four of the largest replies. The process needs up to three times as much while they are filtered and sent.
  package var contentBytes = 256 * 1024 * 1024

  // The record
  /// How long an answer waits for its record before it becomes a 503.
  package var auditTimeout = Duration.seconds(2)

  // The end
  /// How long running requests may take after a stop was asked for.
  package var drainTimeout = Duration.seconds(15)

  package init() {}

  /// What a limit contradicts, or nil.
  package var fault: String? {
    if fieldLineBytes > headBytes { return "field_line_bytes must not exceed head_bytes" }
    if requestLineBytes > headBytes { return "request_line_bytes must not exceed head_bytes" }
    if connections < 1 { return "connections must be at least 1" }
    if upstream.blockingConnections >= upstream.connections || upstream.blockingConnections < 1 {
      return
        "upstream_connections and blocking_percent must leave at least one connection for each kind of request"
    }
    if bodyBytes > contentBytes / 2 || upstream.replyBytes > contentBytes {
      return "content_bytes must be at least reply_bytes and twice body_bytes"
    }
    return request.contradiction ?? upstream.reply.contradiction
  }

  var request: HTTPLimits {
    var limits = HTTPLimits.standard
    limits.startLineBytes = requestLineBytes
    limits.fieldLineBytes = fieldLineBytes
    limits.fieldCount = fieldCount
    limits.headBytes = headBytes
    limits.bodyBytes = bodyBytes
    return limits
  }

  /// A reply to a change that is held however much is held already: ten times what a peering token of Consul's takes.
  static let changeReplyBytes = 64 * 1024
  /// What a connection has to end by itself, with a word to the client, whose certificate was found to be revoked.
  static let condemnedTime = Duration.milliseconds(500)
  /// Pause before accepting again after the system refused to (out of descriptors or memory).
  static let acceptPause = Duration.milliseconds(50)
  /// How often a warning that repeats itself is logged.
  static let warningInterval = Duration.seconds(1)
  /// Descriptors that no client gets, beside those that are open when the first one comes: for audit files and their
  /// successors, policy files and certificates that are read again, and name resolution.
  static let reservedDescriptors = 16
  /// A configuration file.
  static let settingsFileBytes = 1 << 20
  /// How long files that have changed must rest before a watch has them read: its interval, within these.
  static let leastRest = Duration.seconds(1)
  static let longestRest = Duration.seconds(5)
  /// After that they are read as they are.
  static let restPatience = Duration.seconds(30)
  /// Between two attempts to read what was refused.
  static let refusedReloadPause = Duration.seconds(1)
  /// How often it is said that a reload is refused as long as the reason is the same.
  package static let refusedReloadReminder = Duration.seconds(60)
  /// A file with one token in it.
  static let tokenFileBytes = 4_096
  /// A file with one private key in it.
  package static let keyFileBytes = 16_384
  /// Worker threads at most.
  static let workers = 256
  /// Changed files that the line of a reload names.
  static let filesPerReload = 64
  /// How often idle upstream connections are looked through.
  static let housekeepingInterval = Duration.seconds(5)
  /// Connections of a worker beyond which each gives its TLS buffers back before it waits: that costs a fiftieth of a
  /// request, and 34 kB of memory that is seldom in the cache otherwise.
  static let crowd = 256
  /// How long a connection in a crowd is idle before it rests: one in use makes no task for each request.
  static let hibernationDelay = Duration.milliseconds(100)
  /// How long the client is waited for, after an answer that ends the connection, to end its side.
  static let goodbyeTimeout = Duration.seconds(1)
  /// Bytes that can come in that time from a client that has nothing to say any more: the alerts that end TLS.
  static let goodbyeBytes = 1_024
  /// Silence of a client that was still sending then, after which it is taken to have gone.
  static let lingerPause = Duration.seconds(5)
  /// Bytes read and dropped before the loop turns to others.
  static let unbrokenLingerBytes = 512 * 1024
  /// Requests of one connection that are answered in one turn of the loop, before it turns to others.
  static let unbrokenRequests = 8

  /// Consul's own default for `limits.http_max_conns_per_client`, which does nothing behind a gate: there all clients have
  /// the gate's address.
  static let usualConnectionsPerAddress = 200
  /// What one address may have of so many that are served at once. If nobody says, half at the most, so that others find
  /// a place however few there are.
  func connectionsPerAddress(of served: Int) -> Int {
    connectionsPerAddress ?? max(1, min(Self.usualConnectionsPerAddress, served / 2))
  }

  /// What the operator should read if one address can take all places, though there is a limit for it.
  func addressWarning(served: Int) -> String? {
    guard let connectionsPerAddress, connectionsPerAddress >= served else { return nil }
    return "\(connectionsPerAddress) connections of one address are no limit: \(served) are served at once, "
      + "so that one address can take them all"
  }

  /// How long a client that is still sending is listened to after an answer that ends the connection: what it is sending
  /// would have had as much time.
  var lingerTimeout: Duration { max(requestTimeout, Self.goodbyeTimeout) }
  /// Bytes read and dropped during that time: many more than a body that would have been served. To drop them costs little
  /// more than that the kernel has received them.
  var lingerBytes: Int { 16 * max(bodyBytes, 1 << 20) }
}

extension SubjectLimits {
  init(_ limits: GateLimits) {
    // Who may have everything has no limit of its own: then 503 says that there is no more, as without shares.
    func share(_ percent: Int, of whole: Int) -> Int {
      percent == 100 ? .max : max(1, (whole * percent + 99) / 100)
    }
    let (upstream, contentBytes) = (limits.upstream, limits.contentBytes)
    self.init(
      blocking: share(limits.blockingPercentPerToken, of: upstream.blockingConnections),
      upstream: share(limits.upstreamPercentPerToken, of: upstream.connections),
      changes: share(limits.upstreamPercentPerToken, of: upstream.connections),
      queued: limits.queuedRequestsPerToken,
      replies: max(upstream.replyBytes, share(limits.contentPercentPerToken, of: contentBytes)),
      largestReply: upstream.replyBytes,
      requests: max(limits.bodyBytes, share(limits.contentPercentPerToken, of: contentBytes / 2)),
      largestRequest: limits.bodyBytes)
  }
}
