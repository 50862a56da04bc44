// Where the embedded Consul answers otherwise than Consul, on purpose: the whole list, each with its reason.

import Bytes
@testable import EmbeddedConsul

struct Deviation: Sendable {
  let reason: String
  let names: Set<String>
  /// Still says what our reply must be.
  let holds: @Sendable (Recording.Response, ConsulResponse) -> Bool

  static func of(_ recording: Recording) -> Deviation? {
    all.first { $0.names.contains(recording.name) }
  }

  /// A difference that no recorded reply shows; DeviationTests has a test of each.
  private static func unrecorded(_ reason: String) -> Deviation {
    Deviation(reason: reason, names: [], holds: { _, _ in false })
  }

  static let all: [Deviation] = [
    unrecorded("a terminated or deleting acceptor gets no token: Consul answers 200 and keeps no secret"),
    unrecorded("a denied read is denied at once: Consul's internal client tries five times, 2 to 12 seconds"),
    unrecorded("the words of an error never choose its status: Consul looks for its own texts in them"),
    unrecorded("an empty reply has Content-Type application/json: Consul echoes the request's"),
    unrecorded("a waiting read whose peering vanishes gets 404: Consul gives out what was there before"),
    unrecorded("of several bad meta pairs the first by key is named: Consul names any"),
    Deviation(
      reason:
        "a bad query option ends the request: Consul writes its 400, then appends the answer or the denial",
      names: [
        "read-023-stale-and-consistent", "read-026-bad-index-no-token", "read-027-bad-index-not-found",
        "read-028-bad-max-stale", "read-029-bad-cache-control", "read-039-index-negative",
        "list-011-stale-consistent", "list-012-cached-consistent", "list-019-bad-wait",
      ],
      holds: { recorded, reply in
        reply.status == 400 && !reply.body.isEmpty && recorded.body?.hasPrefix(reply.text) == true
          && recorded.body != reply.text
      }),
    Deviation(
      reason: "?token= counts last, not first: a secret in a URL must not overrule the header",
      names: [
        "auth-007-query-good-x-unknown", "auth-008-query-unknown-x-good",
        "auth-009-query-unknown-bearer-good",
      ],
      holds: { recorded, reply in
        recorded.status == 200
          ? reply.status == 403 && reply.text == "ACL not found"
          : recorded.status == 403 && reply.status == 200
      }),
    Deviation(
      reason: "replies are never compressed: the gate asks for identity",
      names: [
        "token-125-accept-encoding-gzip", "list-005-gzip", "http-090-accept-encoding-gzip",
        "http-095-accept-encoding-gzip-deflate-br", "http-096-accept-encoding-gzip-upper",
      ],
      holds: { recorded, reply in
        recorded.field("Content-Encoding") == "gzip" && reply.field("Content-Encoding") == nil
          && reply.status == 200
          && reply.body.count >= 1_400
      }),
    Deviation(
      reason: "only the five peering operations exist: Consul's other endpoints end at its own catch-all",
      names: [
        "auth-064-token-self", "auth-065-token-self-unknown", "auth-068-authorize-reader",
        "auth-069-authorize-none",
        "auth-070-authorize-unknown", "path-032-encoded-dotdot-delete", "path-066-api",
        "path-069-exported-services",
        "path-070-status-leader-no-token", "path-071-status-peers-no-token", "path-074-health-with-peer",
        "cli-032-members-leader", "misc-004-acl-off-token-self", "misc-005-acl-off-authorize",
      ],
      holds: { _, reply in reply.status == 404 && reply.text.hasPrefix("Invalid URL path: ") }),
  ]
}

/// Recordings that say nothing about what is built here.
enum OutOfScope {
  static func reason(_ recording: Recording) -> String? {
    switch recording.agent {
    case "noleader": return "a single embedded server always leads"
    case "restricted": return "http_config (blocked endpoints, response headers) is not rebuilt"
    default: break
    }
    guard recording.group == "http" || recording.name == "path-073-long-target-2m" else { return nil }
    if framing.contains(recording.name) || recording.response.map({ $0.date == nil }) == true {
      return "decided by the HTTP server before any handler; ours is strict where Go's is lenient"
    }
    return nil
  }

  private static let framing: Set<String> = [
    "http-024-chunk-bad-size", "http-025-chunk-bare-lf", "http-027-chunk-huge-size", "http-037-leading-crlf",
    "http-030-bare-lf-headers", "http-031-obs-fold", "http-056-h2c-preface", "http-068-expect-other",
    "http-077-bad-method", "http-035-space-before-colon-token", "http-022-te-space-before-colon",
    "http-010-cl-negative", "http-019-te-chunked-twice", "http-052-http12",
  ]
}
