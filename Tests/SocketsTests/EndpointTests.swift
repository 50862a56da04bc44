// Addresses as operators write them.

import Sockets
import Testing

@Suite struct EndpointTests {
  @Test(arguments: ["127.0.0.1:8501", "consul.service:443", "[::1]:8501", "unix:///run/consul.sock", "a:0"])
  func `an address prints as it was written`(text: String) throws {
    #expect(try Endpoint(parsing: text).description == text)
  }

  @Test(arguments: [
    "", "localhost", ":8501", "::1:8501", "[::1]", "[127.0.0.1]:80", "host:", "host:65536", "host:-1",
    "host:+1",
    "host:8 ", "ho st:80", "host/path:80", "unix://relative", "unix://", "http://host:80", "h\u{0}:1",
  ])
  func `an address that cannot be one is refused with advice`(text: String) {
    #expect(throws: SocketError.self) { try Endpoint(parsing: text) }
  }

  @Test func `a unix path may have 107 bytes and no more`() throws {
    let longest = "unix:///" + String(repeating: "p", count: 106)
    #expect(try Endpoint(parsing: longest).description == longest)
    #expect(throws: SocketError.self) { try Endpoint(parsing: longest + "p") }
  }

  @Test func `the refusal quotes unprintable bytes safely`() {
    let error = #expect(throws: SocketError.self) { try Endpoint(parsing: "a\u{1B}[2J:1") }
    #expect(error?.description.unicodeScalars.allSatisfy { $0.value >= 0x20 } == true)
  }

  @Test func `numeric addresses resolve to themselves`() throws {
    #expect(try Resolver.resolveBlocking(Endpoint(parsing: "127.0.0.1:80")) == [.loopback(port: 80)])
    #expect(try Resolver.resolveBlocking(Endpoint(parsing: "[::1]:80")).first?.description == "[::1]:80")
  }
}
