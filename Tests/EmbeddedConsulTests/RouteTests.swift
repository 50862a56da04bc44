// Which handler a target reaches.

import Bytes
import Testing

@testable import EmbeddedConsul

@Suite struct RouteTests {
  private func route(_ target: String, _ method: String = "GET") -> Route {
    Route.resolve(method: ByteString(method), target: Array(target.utf8)).route
  }

  @Test(arguments: [
    ("/v1/peering/token", Route.generate), ("/v1/peering/%74oken", .generate),
    ("/v1/%70eering/token", .generate),
    ("/%76%31/peering/token?x=1", .generate), ("/v1/peering/establish", .establish), ("/v1/peerings", .list),
    ("/v1/peerings?", .list), ("http://other.example:99/v1/peerings", .list),
    ("HTTPS://x/v1/peerings", .list),
    ("/v1/peering/foo", .named(Array("foo".utf8))), ("/v1/peering/", .named([])),
    ("/v1/peering/TOKEN", .named(Array("TOKEN".utf8))), ("/v1/peering/token/", .named(Array("token/".utf8))),
    ("/v1/peering/token;x=1", .named(Array("token;x=1".utf8))),
    ("/v1/peering/a/b", .named(Array("a/b".utf8))),
    ("/v1/peering/a%2Fb", .named(Array("a/b".utf8))), ("/v1/peering/%2e%2e/x", .named(Array("../x".utf8))),
    ("/v1/peering/%ff", .named([0xFF])), ("/v1/peering/abc#f", .named(Array("abc#f".utf8))),
    ("/v1/peerings/", .other("/v1/peerings/")), ("/v1%2Fpeerings", .other("/v1/peerings")),
    ("/v1/peering%2Ftoken", .other("/v1/peering/token")), ("/V1/peerings", .other("/V1/peerings")),
    ("/", .other("/")),
    ("*", .asterisk), ("v1/peerings", .badTarget), ("/v1/peering/%zz", .badTarget),
    ("/v1/peering/abc%2", .badTarget),
    ("/v1/peering/a b", .badTarget), ("", .badTarget), ("ftp://x/", .badTarget),
    ("/v1/peering/abc%00", .unprintable), ("/v1/peering/abc%0a", .unprintable),
    ("/v1/peering/%C2%A0", .unprintable),
    ("/v1/peering/%E2%80%8B", .unprintable), ("/%00", .unprintable),
  ])
  func `a target reaches the handler that Go's mux would choose`(target: String, route: Route) {
    #expect(self.route(target) == route, "\(target)")
  }

  @Test(arguments: [
    ("//v1/peerings", "/v1/peerings"), ("/v1//peerings", "/v1/peerings"), ("/v1/./peerings", "/v1/peerings"),
    ("/v1/../v1/peerings", "/v1/peerings"), ("/v1/peering/x/../abc", "/v1/peering/abc"),
    ("/v1/peering/abc/..", "/v1/peering/"), ("/v1/peering", "/v1/peering/"),
    ("/v1/%70eering", "/v1/peering/"),
    ("/v1/peering?pretty&token=abc", "/v1/peering/?pretty&token=abc"), ("http://127.0.0.1:8500", "/"),
    ("/../..", "/"),
    // The cleaned path is escaped twice, as Go does.
    ("//v1/peering/%41", "/v1/peering/%2541"),
  ])
  func `an unclean path is sent to its clean one`(target: String, location: String) {
    #expect(route(target) == .redirect(ByteString(location)), "\(target)")
  }

  @Test func `CONNECT gets no path cleaned`() {
    #expect(route("/v1/peerings", "CONNECT") == .list)
    #expect(route("/v1/../v1/peerings", "CONNECT") == .other("/v1/../v1/peerings"))
    #expect(route("127.0.0.1:8500", "CONNECT") == .redirect("/"))
  }
}
