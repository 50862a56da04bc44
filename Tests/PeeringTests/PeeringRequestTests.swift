// The five operations as values, and what is sent upstream for them.

import Testing

@testable import HTTP
@testable import Peering

struct PeeringRequestTests {
  @Test func `a read becomes its canonical request`() throws {
    let read = try request(
      "GET /v1/peering/cluster-02?wait=90s&stale=&index=7&dc=dc1", "X-Consul-Token: secret")
    #expect(read.operation == .read)
    #expect(read.peer?.text == "cluster-02")
    #expect(read.partition == .default)
    #expect(upstream(read) == "GET /v1/peering/cluster-02?index=7&wait=90000ms&stale")
    #expect(read.upstreamBody() == nil)
  }

  @Test func `a body is written anew in the documented order`() throws {
    let generate = try request(
      "POST /v1/peering/token?pretty",
      body: #"{"Meta":{"b":"2","a":"1"},"ServerExternalAddresses":["[::1]:8503"],"PeerName":"a"}"# + "\n")
    let body = try #require(generate.upstreamBody())
    #expect(
      String(decoding: body, as: UTF8.self)
        == #"{"PeerName":"a","ServerExternalAddresses":["[::1]:8503"],"Meta":{"a":"1","b":"2"}}"#)
    #expect(upstream(generate) == "POST /v1/peering/token?pretty")
  }
}
