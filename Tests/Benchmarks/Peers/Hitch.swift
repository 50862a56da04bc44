// hitch: TLS and nothing else. What it costs is the floor under anything that ends TLS in its own process.

import Glibc

struct Hitch: Peer {
  let program: String

  var name: String { "hitch" }
  var note: String { "relays bytes: no HTTP, no decision, no log" }
  var abilities: Abilities { Abilities(decides: false, filtersLists: false, readsBodies: false) }

  func takes(_ workload: Workload) -> Bool { true }
  func descriptorsPerConnection(_ workload: Workload) -> Int { 2 }

  func prepare(_ site: Site) throws -> Launch {
    let settings = try Files.write("\(site.folder)/hitch.conf", Self.configuration(site))
    return Launch(command: [program, "--config=\(settings)"])
  }

  static func configuration(_ site: Site) -> String {
    """
    # What hitch cannot do of the job: all but TLS. It sees no requests.
    frontend = { host = "127.0.0.1" port = "\(site.port)" }
    backend = "[127.0.0.1]:\(site.upstreamPort)"
    pem-file = "\(site.pemFile)"
    workers = \(site.workers)
    backlog = 4096
    tls-protos = TLSv1.3
    alpn-protos = "http/1.1"
    daemon = off
    syslog = off
    log-level = 0
    \(geteuid() == 0 ? "user = \"nobody\"" : "")

    """
  }
}
