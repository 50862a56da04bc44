// HAProxy: maps, and a look into the body.

struct HAProxy: Peer {
  let program: String

  var name: String { "haproxy" }
  var note: String {
    "lists pass whole; a log line is written after the answer, whether it can be kept or not"
  }
  var abilities: Abilities { Abilities(decides: true, filtersLists: false, readsBodies: true) }

  func prepare(_ site: Site) throws -> Launch {
    let tokens = (0..<site.teams).map { "\(Population.secret($0)) \(Population.prefix($0))\n" }.joined()
    try Files.write("\(site.folder)/tokens.map", tokens)
    let settings = try Files.write("\(site.folder)/haproxy.cfg", Self.configuration(site))
    return Launch(command: [program, "-db", "-f", settings], output: "\(site.folder)/access.jsonl")
  }

  static func configuration(_ site: Site) -> String {
    let prefixBytes = Population.prefix(0).utf8.count
    return """
      # What HAProxy cannot do of the job: filter a list (it is allowed whole, to everybody with a token); compare a name
      # with a prefix of any length (all are of one length here); keep a record before the answer leaves; write a log
      # file (its standard output is one, a write for each line: the cheapest of its ways, and no second process);
      # refuse a body that repeats a key.
      global
        nbthread \(site.workers)
        maxconn 20000
        no strict-limits
        log stdout format raw local0 info
        ssl-default-bind-options ssl-min-ver TLSv1.3
        ssl-default-bind-ciphersuites TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384
        tune.bufsize 16384
      defaults
        mode http
        log global
        option http-keep-alive
        option forwardfor
        http-reuse always
        timeout connect 3s
        timeout client 660s
        timeout server 660s
        timeout http-request 15s
        timeout http-keep-alive 600s
        unique-id-format %[uuid()]
        unique-id-header X-Request-Id
        log-format '{"time":"%[date,utime(%Y-%m-%dT%H:%M:%SZ)]","id":"%ID","client":"%ci:%cp","tls":"%sslv %sslc","method":"%HM","path":"%[var(txn.path),json]","prefix":"%[var(txn.prefix)]","status":%ST,"bytes":%B,"ms":%Ta}'
      frontend gate
        bind 127.0.0.1:\(site.port) ssl crt \(site.pemFile) alpn http/1.1 backlog 4096
        acl is_list path /v1/peerings
        acl is_token path /v1/peering/token
        acl is_peering path_beg /v1/peering/
        http-request set-var(txn.path) path
        http-request set-var(txn.prefix) req.hdr(x-consul-token),map_str(\(site.folder)/tokens.map)
        http-request deny status 403 content-type text/plain string "ACL not found" unless { var(txn.prefix) -m found }
        http-request wait-for-body time 15s if is_token METH_POST
        http-request set-var(txn.name) req.body,json_query('$.PeerName') if is_token METH_POST
        http-request set-var(txn.name) path,bytes(12) if is_peering !is_token
        acl own var(txn.name),bytes(0,\(prefixBytes)),strcmp(txn.prefix) eq 0
        http-request deny status 403 content-type text/plain string "Permission denied" unless is_list or own
        default_backend consul
      backend consul
        http-request set-header Accept-Encoding identity
        server consul 127.0.0.1:\(site.upstreamPort)

      """
  }
}
