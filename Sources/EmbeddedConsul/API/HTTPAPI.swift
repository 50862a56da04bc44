// The HTTP face of one datacenter: from a request to a reply, in the order of Consul's agent.

import Bytes

/// Printable path → mux → query → method → handler. What is answered before the query is looked at carries
/// none of Consul's fields.
extension PeeringNetwork {
  package mutating func handle(_ request: ConsulRequest, at id: DatacenterID, now time: Timestamp) -> Outcome
  {
    advance(to: time)
    defer { settle() }
    let settings = datacenters[id.number].settings
    let (route, rawQuery) = Route.resolve(method: request.method, target: request.target)
    switch route {
    case .badTarget: return .reply(.text(400, "400 Bad Request").adding("Connection", "close"))
    case .asterisk where request.method == "OPTIONS": return .reply(ConsulResponse(status: 200))
    case .asterisk: return .reply(ConsulResponse(status: 400).adding("Connection", "close"))
    case .unprintable: return .reply(ConsulResponse(status: 400))
    case .redirect(let location): return .reply(.moved(to: location, method: request.method))
    case .other(let path): return .reply(.unrouted(path))
    case .generate, .establish, .list, .named: break
    }
    guard let query = QueryString(rawQuery) else {
      return .reply(.text(500, "").inAPI(settings))
    }
    let call = Call(request: request, query: query, datacenter: id.number)
    switch dispatch(route, call) {
    case .reply(let reply): return .reply(reply.inAPI(settings))
    case .waiting(let wait): return .waiting(wait)
    }
  }

  /// One request that has reached a handler.
  struct Call {
    let request: ConsulRequest
    let query: QueryString
    let datacenter: Int
    var isPretty: Bool { query.has("pretty") }
  }

  private mutating func dispatch(_ route: Route, _ call: Call) -> Outcome {
    let allowed = route.methods.map(\.string).joined(separator: ",")
    let method = call.request.method
    if method == "OPTIONS" {
      return .reply(
        ConsulResponse(status: 200, fields: [("Allow", allowed), ("Content-Type", "application/json")]))
    }
    guard route.methods.contains(method) else {
      return .reply(.text(405, "method \(method) not allowed").adding("Allow", allowed))
    }
    do throws(Refusal) {
      switch (route, method) {
      case (.generate, _): return try handleGenerate(call)
      case (.establish, _): return try handleEstablish(call)
      case (.list, _): return try handleList(call)
      case (.named(let name), "GET"): return try handleRead(name, call)
      case (.named(let name), _): return try handleDelete(name, call)
      case (.other, _), (.redirect, _), (.badTarget, _), (.asterisk, _), (.unprintable, _):
        return .reply(.text(404, ""))
      }
    } catch {
      return .reply(.text(error.status, error.text))
    }
  }

  /// Any reply that Consul gives instead of doing what was asked.
  struct Refusal: Error {
    let status: Int
    let text: String

    init(_ status: Int, _ text: String) {
      self.status = status
      self.text = text
    }
  }
}

extension Route {
  /// As `Allow` lists them.
  fileprivate var methods: [ByteString] {
    switch self {
    case .generate, .establish: ["OPTIONS", "POST"]
    case .named: ["OPTIONS", "GET", "DELETE"]
    default: ["OPTIONS", "GET"]
    }
  }
}

extension ConsulResponse {
  /// The fields of every answer of an API handler, errors included.
  func inAPI(_ settings: DatacenterSettings) -> ConsulResponse {
    adding("Vary", "Accept-Encoding").adding("X-Consul-Default-Acl-Policy", settings.access.defaultPolicy)
  }

  /// Go's redirect: a page for GET and HEAD, nothing for the others.
  fileprivate static func moved(to location: ByteString, method: ByteString) -> ConsulResponse {
    guard method == "GET" || method == "HEAD" else {
      return ConsulResponse(status: 301, fields: [("Location", location.string)])
    }
    var page = "<a href=\""
    for scalar in location.string.unicodeScalars {
      switch scalar {
      case "&": page += "&amp;"
      case "<": page += "&lt;"
      case ">": page += "&gt;"
      case "\"": page += "&#34;"
      case "'": page += "&#39;"
      default: page.unicodeScalars.append(scalar)
      }
    }
    page += "\">Moved Permanently</a>.\n\n"
    return ConsulResponse(
      status: 301, fields: [("Content-Type", "text/html; charset=utf-8"), ("Location", location.string)],
      body: Array(page.utf8))
  }

  /// Consul's catch-all. The paths of its other endpoints end here too: nothing but peering is served.
  fileprivate static func unrouted(_ path: ByteString) -> ConsulResponse {
    if path == "/" {
      return .text(
        200,
        "Consul Agent: UI disabled. To enable, set ui_config.enabled=true in the agent configuration and "
          + "restart."
      )
    }
    return path.contains("/v1/" as ByteString)
      ? .text(404, "Invalid URL path: not a recognized HTTP API endpoint\n")
      : .text(
        404, "Invalid URL path: if attempting to use the HTTP API, ensure the path starts with '/v1/'\n")
  }
}
