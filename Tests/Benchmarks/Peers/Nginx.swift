// nginx with its script module njs: the only other one that can filter a list.

struct Nginx: Peer {
  let program: String
  /// The script module, if it was found.
  let scriptModule: String?

  var name: String { scriptModule == nil ? "nginx" : "nginx+njs" }
  var note: String {
    "log lines are buffered and written after the answer; names are not checked, denials not recorded as such"
  }
  var abilities: Abilities {
    Abilities(decides: true, filtersLists: scriptModule != nil, readsBodies: scriptModule != nil)
  }

  static let moduleFolders = ["/usr/lib/nginx/modules", "/usr/lib64/nginx/modules", "/etc/nginx/modules"]

  static func findScriptModule() -> String? {
    moduleFolders.map { "\($0)/ngx_http_js_module.so" }.first(where: Files.exists)
  }

  func prepare(_ site: Site) throws -> Launch {
    let tokens = (0..<site.teams).map { "\(Population.secret($0)) \(Population.prefix($0));\n" }.joined()
    try Files.write("\(site.folder)/tokens.map", tokens)
    try Files.write("\(site.folder)/gate.js", Self.script)
    try Files.makeFolder("\(site.folder)/temporary")
    let settings = try Files.write("\(site.folder)/nginx.conf", configuration(site))
    return Launch(command: [program, "-p", site.folder, "-e", "\(site.folder)/error.log", "-c", settings])
  }

  func configuration(_ site: Site) -> String {
    """
    # What nginx cannot do of the job: keep a record before the answer leaves (the buffer is what its manual advises
    # for busy logs, and loses up to 64 kB in a crash); chain and number its records; refuse what is spelt in two ways;
    # say in one file which rule decided. Lists and bodies need its script module.
    \(scriptModule.map { "load_module \($0);" } ?? "# The script module was not found: lists pass whole, bodies unread.")
    daemon off;
    worker_processes \(site.workers);
    pid nginx.pid;
    error_log error.log warn;
    pcre_jit on;
    events { worker_connections \(OpenFiles.raise()); }
    http {
      access_log off;
      client_body_temp_path temporary/body;
      proxy_temp_path temporary/proxy;
      fastcgi_temp_path temporary/fastcgi;
      uwsgi_temp_path temporary/uwsgi;
      scgi_temp_path temporary/scgi;
      map_hash_max_size 524288;
      map_hash_bucket_size 128;
      \(scriptModule == nil ? "" : "js_import gate from gate.js;")
      map $http_x_consul_token $prefix { default ""; include tokens.map; }
      map "$prefix $request_method $uri" $allowed {
        default 0;
        "~^(?<own>\\S+) (GET|DELETE) /v1/peering/\\k<own>[a-z0-9-]+$" 1;
      }
      log_format record escape=json '{"time":"$time_iso8601","id":"$request_id","client":"$remote_addr:$remote_port",'
        '"tls":"$ssl_protocol $ssl_cipher","method":"$request_method","uri":"$uri","prefix":"$prefix",'
        '"allowed":"$allowed","status":$status,"bytes":$body_bytes_sent,"seconds":$request_time}';
      upstream consul {
        server 127.0.0.1:\(site.upstreamPort);
        keepalive 512;
        keepalive_requests 100000000;
        keepalive_timeout 600s;
      }
      server {
        listen 127.0.0.1:\(site.port) ssl reuseport backlog=4096;
        server_name localhost;
        ssl_certificate \(site.certificateFile);
        ssl_certificate_key \(site.keyFile);
        ssl_protocols TLSv1.3;
        ssl_session_cache shared:tls:10m;
        keepalive_timeout 600s;
        keepalive_requests 100000000;
        client_body_buffer_size 64k;
        access_log access.jsonl record buffer=64k flush=1s;
        default_type text/plain;
        proxy_http_version 1.1;
        proxy_set_header Connection "";
        proxy_set_header Accept-Encoding identity;
        proxy_set_header X-Forwarded-For $remote_addr;
        proxy_set_header X-Request-Id $request_id;
        proxy_read_timeout 660s;
        proxy_max_temp_file_size 0;
        location /v1/peering/ {
          if ($allowed = 0) { return 403 "Permission denied"; }
          proxy_pass http://consul;
        }
    \(scriptModule == nil ? Self.plainLocations : Self.scriptLocations(site))
        location / { return 403 "Endpoint is not served by this gate"; }
      }
    }

    """
  }

  private static let plainLocations = """
        location = /v1/peerings {
          if ($prefix = "") { return 403 "ACL not found"; }
          proxy_pass http://consul;
        }
    """

  private static func scriptLocations(_ site: Site) -> String {
    """
        location = /v1/peering/token { js_content gate.generate; }
        location = /v1/peerings { js_content gate.list; }
        location @consul { proxy_pass http://consul; }
        location /consul/ {
          internal;
          # A subrequest is not read on before its buffers have room for all of it: they do, and no file is written.
          proxy_buffer_size 64k;
          proxy_buffers \(site.listBytes / 65_536 + 16) 64k;
          subrequest_output_buffer_size \(site.listBytes + 65_536);
          proxy_pass http://consul/;
        }
    """
  }

  private static let script = """
    // The list filtered, and the body read, as nginx's script module does it. A body's duplicate keys go unnoticed.
    async function list(r) {
      const prefix = r.variables.prefix;
      if (!prefix) { r.return(403, 'ACL not found'); return; }
      const reply = await r.subrequest('/consul/v1/peerings', { args: r.variables.args || '' });
      if (reply.status !== 200) { r.return(reply.status, reply.responseText); return; }
      const all = JSON.parse(reply.responseText);
      const kept = all.filter((peering) => peering.Name.startsWith(prefix));
      for (const name in reply.headersOut) {
        if (name.startsWith('X-Consul-')) { r.headersOut[name] = reply.headersOut[name]; }
      }
      if (kept.length < all.length) { r.headersOut['X-Consul-Results-Filtered-By-ACLs'] = 'true'; }
      r.headersOut['Content-Type'] = 'application/json';
      r.return(200, JSON.stringify(kept));
    }

    function generate(r) {
      const prefix = r.variables.prefix;
      let name;
      try { name = JSON.parse(r.requestText).PeerName; } catch (error) { r.return(400, 'not JSON'); return; }
      if (!prefix || typeof name !== 'string' || !name.startsWith(prefix)) { r.return(403, 'Permission denied'); return; }
      r.internalRedirect('@consul');
    }

    export default { list, generate };

    """
}
