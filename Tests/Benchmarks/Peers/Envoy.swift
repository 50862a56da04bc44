// Envoy: its RBAC filter with a matching tree over tokens.

struct Envoy: Peer {
  let program: String

  var name: String { "envoy" }
  var note: String { "lists pass whole, bodies unread; log lines are buffered and written after the answer" }
  var abilities: Abilities { Abilities(decides: true, filtersLists: false, readsBodies: false) }

  func prepare(_ site: Site) throws -> Launch {
    let settings = try Files.write("\(site.folder)/envoy.yaml", Self.configuration(site))
    return Launch(command: [
      program, "-c", settings, "--concurrency", "\(site.workers)", "--disable-hot-restart", "-l", "warning",
    ])
  }

  static func configuration(_ site: Site) -> String {
    """
    # What Envoy cannot do of the job without code of its own (Lua, WebAssembly or another service): filter a list, and
    # decide by a body. Its file log is buffered (64 kB or a second, its own default) and written after the answer.
    static_resources:
      listeners:
      - name: gate
        address: { socket_address: { address: 127.0.0.1, port_value: \(site.port) } }
        tcp_backlog_size: 4096
        filter_chains:
        - transport_socket:
            name: tls
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext
              common_tls_context:
                alpn_protocols: [http/1.1]
                tls_params: { tls_minimum_protocol_version: TLSv1_3, tls_maximum_protocol_version: TLSv1_3 }
                tls_certificates:
                - certificate_chain: { filename: \(site.certificateFile) }
                  private_key: { filename: \(site.keyFile) }
          filters:
          - name: http
            typed_config:
              "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
              stat_prefix: gate
              codec_type: HTTP1
              use_remote_address: true
              generate_request_id: true
              common_http_protocol_options: { idle_timeout: 600s }
              stream_idle_timeout: 660s
              access_log:
              - name: file
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.access_loggers.file.v3.FileAccessLog
                  path: \(site.folder)/access.jsonl
                  log_format:
                    json_format: { time: "%START_TIME%", id: "%REQ(X-REQUEST-ID)%", client: "%DOWNSTREAM_REMOTE_ADDRESS%",
                      tls: "%DOWNSTREAM_TLS_VERSION% %DOWNSTREAM_TLS_CIPHER%", method: "%REQ(:METHOD)%",
                      path: "%REQ(:PATH)%", decision: "%RESPONSE_CODE_DETAILS%", status: "%RESPONSE_CODE%",
                      bytes: "%BYTES_SENT%", ms: "%DURATION%" }
              http_filters:
              - name: envoy.filters.http.rbac
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC
                  matcher:
                    matcher_tree:
                      input:
                        name: token
                        typed_config:
                          "@type": type.googleapis.com/envoy.type.matcher.v3.HttpRequestHeaderMatchInput
                          header_name: x-consul-token
                      exact_match_map:
                        map:
    \((0..<site.teams).map(entry).joined())
              - name: envoy.filters.http.router
                typed_config:
                  "@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router
              route_config:
                virtual_hosts:
                - name: consul
                  domains: ["*"]
                  routes:
                  - match: { prefix: / }
                    route: { cluster: consul, timeout: 660s, idle_timeout: 660s }
                    request_headers_to_add:
                    - { header: { key: accept-encoding, value: identity }, append_action: OVERWRITE_IF_EXISTS_OR_ADD }
    \(clusters(site))

    """
  }

  private static func clusters(_ site: Site) -> String {
    """
      clusters:
      - name: consul
        connect_timeout: 3s
        type: STATIC
        circuit_breakers:
          thresholds: [{ max_connections: 20000, max_pending_requests: 20000, max_requests: 20000 }]
        load_assignment:
          cluster_name: consul
          endpoints:
          - lb_endpoints:
            - endpoint: { address: { socket_address: { address: 127.0.0.1, port_value: \(site.upstreamPort) } } }
    """
  }

  /// One token: its own names, and the list. In YAML's one-line form, which is as JSON is.
  private static func entry(_ team: Int) -> String {
    let input =
      #"input: { name: path, typed_config: { "@type": type.googleapis.com/"#
      + #"envoy.type.matcher.v3.HttpRequestHeaderMatchInput, header_name: ":path" } }"#
    let action =
      #"action: { name: allow, typed_config: { "@type": type.googleapis.com/envoy.config.rbac.v3.Action, "#
      + "name: team-\(team), action: ALLOW } }"
    let matchers = ["/v1/peering/\(Population.prefix(team))", "/v1/peerings"].map { prefix in
      "{ predicate: { single_predicate: { \(input), value_match: { prefix: \(prefix) } } }, on_match: { \(action) } }"
    }
    return String(repeating: " ", count: 22)
      + "\"\(Population.secret(team))\": { matcher: { matcher_list: { matchers: [\(matchers.joined(separator: ", "))] } } }\n"
  }
}
