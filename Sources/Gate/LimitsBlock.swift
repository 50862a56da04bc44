// The `limits` block: which limits an operator may set, and within which bounds.

internal import Bytes
internal import HCL

enum LimitsBlock {
  static func read(_ block: Block, _ source: Source, _ report: Report) -> GateLimits {
    var reader = Reader(block.body, of: block.title, in: source, into: report)
    var limits = GateLimits()
    for (name, path, range) in counts {
      if let value = reader.integer(name, in: range) { limits[keyPath: path] = value.value }
    }
    for (name, path, range) in times {
      if let value = reader.duration(name, in: range) { limits[keyPath: path] = value.value }
    }
    if let fault = limits.fault { report.error(at: block.position, in: source, fault) }
    reader.finish()
    return limits
  }

  private typealias Setting<Value: Comparable> = (
    ByteString, WritableKeyPath<GateLimits, Value>, ClosedRange<Value>
  )

  private static var counts: [Setting<Int>] {
    [
      ("connections", \.connections, 1...1_000_000),
      ("request_line_bytes", \.requestLineBytes, 256...(1 << 20)),
      ("field_line_bytes", \.fieldLineBytes, 256...(1 << 20)),
      ("field_count", \.fieldCount, 8...10_000),
      ("head_bytes", \.headBytes, 1_024...(16 << 20)),
      ("body_bytes", \.bodyBytes, 1_024...(16 << 20)),
      ("reply_bytes", \.replyBytes, 65_536...(1 << 30)),
      ("content_bytes", \.contentBytes, 65_536...(1 << 40)),
      ("upstream_connections", \.upstreamConnections, 2...100_000),
      ("blocking_percent", \.blockingPercent, 1...99),
    ]
  }

  private static var times: [Setting<Duration>] {
    let usual = Duration.milliseconds(10)...Duration.seconds(3_600)
    return [
      ("https_handshake_timeout", \.httpsHandshakeTimeout, usual),
      ("idle_timeout", \.idleTimeout, usual),
      ("request_timeout", \.requestTimeout, usual),
      ("response_timeout", \.responseTimeout, usual),
      ("upstream_queue_timeout", \.upstreamQueueTimeout, .zero ... .seconds(60)),
      ("upstream_connect_timeout", \.upstreamConnectTimeout, usual),
      ("upstream_head_timeout", \.upstreamHeadTimeout, usual),
      ("upstream_pause_timeout", \.upstreamPauseTimeout, usual),
      ("upstream_idle_timeout", \.upstreamIdleTimeout, usual),
      ("blocking_slack", \.blockingSlack, usual),
      ("audit_timeout", \.auditTimeout, .milliseconds(10)...Duration.seconds(60)),
      ("drain_timeout", \.drainTimeout, .zero ... .seconds(3_600)),
    ]
  }
}
