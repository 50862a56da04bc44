// The `limits` block: which limits an operator may set, and within which bounds.

internal import Bytes
internal import Consul
internal import HCL
internal import Policy

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
    if let perToken = reader.block("per_token") {
      var perTokenReader = Reader(perToken.body, of: perToken.title, in: source, into: report)
      for (name, path, range) in sharesPerToken {
        if let value = perTokenReader.integer(name, in: range) { limits[keyPath: path] = value.value }
      }
      perTokenReader.finish()
    }
    if let perAddress = reader.block("per_address") {
      read(perAddress, source, report, into: &limits)
      if let warning = limits.addressWarning(served: limits.connections) {
        report.warning(at: perAddress.position, in: source, warning)
      }
    }
    if let fault = limits.fault { report.error(at: block.position, in: source, fault) }
    reader.finish()
    return limits
  }

  private static func read(
    _ block: Block, _ source: Source, _ report: Report, into limits: inout GateLimits
  ) {
    var reader = Reader(block.body, of: block.title, in: source, into: report)
    if let connections = reader.integer("connections", in: 1...1_000_000) {
      limits.connectionsPerAddress = connections.value
    }
    for range in reader.strings("exempt") ?? [] {
      do throws(AddressRange.Fault) {
        limits.exemptAddresses.append(try AddressRange(range.value.string))
      } catch .hostBits(let meant) {
        report.error(
          at: range.position, in: source, "bits are set behind the length; perhaps \(meant) is meant")
      } catch {
        report.error(
          at: range.position, in: source,
          "expected an address or a range, such as \"10.0.0.0/8\" or \"fd00::/8\"")
      }
    }
    reader.finish()
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
      ("reply_bytes", \.upstream.replyBytes, 65_536...(1 << 30)),
      ("content_bytes", \.contentBytes, 65_536...(1 << 40)),
      ("upstream_connections", \.upstream.connections, 2...100_000),
      ("blocking_percent", \.upstream.blockingPercent, 1...99),
    ]
  }

  private static var sharesPerToken: [Setting<Int>] {
    [
      ("blocking_percent", \.blockingPercentPerToken, 1...100),
      ("upstream_percent", \.upstreamPercentPerToken, 1...100),
      ("content_percent", \.contentPercentPerToken, 1...100),
      ("queued_requests", \.queuedRequestsPerToken, 1...1_000_000),
    ]
  }

  private static var times: [Setting<Duration>] {
    let usual = Duration.milliseconds(10)...Duration.seconds(3_600)
    return [
      ("https_handshake_timeout", \.httpsHandshakeTimeout, usual),
      ("idle_timeout", \.idleTimeout, usual),
      ("request_timeout", \.requestTimeout, usual),
      ("response_timeout", \.responseTimeout, usual),
      ("upstream_queue_timeout", \.upstream.queueTimeout, .zero ... .seconds(60)),
      ("upstream_connect_timeout", \.upstream.connectTimeout, usual),
      ("upstream_head_timeout", \.upstream.headTimeout, usual),
      ("upstream_pause_timeout", \.upstream.pauseTimeout, usual),
      ("upstream_idle_timeout", \.upstream.idleTimeout, usual),
      ("blocking_slack", \.upstream.blockingSlack, usual),
      ("audit_timeout", \.auditTimeout, .milliseconds(10)...Duration.seconds(60)),
      ("drain_timeout", \.drainTimeout, .zero ... .seconds(3_600)),
    ]
  }
}
