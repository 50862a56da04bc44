// What vectors cannot say of a request: its parts, and what it shows of itself.

import Testing

@testable import HTTP
@testable import Peering

struct PeeringRequestTests {
  @Test(
    arguments: [
      ("GET /v1/peerings", Operation.list, Access.read, nil),
      ("GET /v1/peering/a", .read, .read, "a"),
      ("DELETE /v1/peering/a", .delete, .write, "a"),
    ] as [(String, Operation, Access, String?)])
  func `an operation has its access and its object`(
    _ line: String, _ operation: Operation, _ access: Access, _ peer: String?
  ) throws {
    let request = try request(line)
    #expect(request.operation == operation)
    #expect(request.operation.access == access && request.operation.isChange == (access == .write))
    #expect(request.peer?.text == peer)
    #expect(request.partition == .default && request.credential == nil)
  }

  @Test func `the two that have a body are changes`() throws {
    let generate = try request("POST /v1/peering/token", body: #"{"PeerName":"a"}"#)
    #expect(generate.operation == .generate && generate.operation.access == .write)
    let establish = try request(
      "POST /v1/peering/establish", body: #"{"PeerName":"b","PeeringToken":"t","Partition":"eu"}"#)
    #expect(establish.operation == .establish && establish.operation.access == .write)
    #expect(establish.peer?.text == "b" && establish.partition.name == "eu")
  }

  @Test(arguments: [
    ("/v1/peerings", "OPTIONS,GET"), ("/v1/peering/token", "OPTIONS,POST"),
    ("/v1/peering/establish", "OPTIONS,POST"), ("/v1/peering/a", "OPTIONS,GET,DELETE"),
  ])
  func `OPTIONS tells the methods, whatever else the request says`(_ path: String, _ methods: String) throws {
    let body = "not JSON"
    guard case .options(let allowed) = try call("OPTIONS \(path)?x", "Origin: https://a", body: body) else {
      Issue.record("no options")
      return
    }
    #expect("\(allowed.spelling)" == methods)
  }

  @Test func `neither a request nor its parts show a secret`() throws {
    let request = try request(
      "POST /v1/peering/establish", "X-Consul-Token: secret-1",
      body: #"{"PeerName":"b","PeeringToken":"secret-2","Meta":{"k":"secret-3"}}"#)
    var dumped = ""
    dump(request, to: &dumped)
    dump(request.credential, to: &dumped)
    let shown = ["\(request)", String(reflecting: request), dumped, "\(PeeringCall.operation(request))"]
    for text in shown + ["\(request.credential as Any)", String(reflecting: request.credential)] {
      #expect(!text.contains("secret"), "\(text)")
    }
    #expect("\(request)" == "establish b in default")
    // It is there all the same.
    let body = try #require(request.upstreamBody())
    #expect(String(decoding: body, as: UTF8.self).contains("secret-2"))
    #expect(request.credential?.fieldValue.text == "secret-1")
  }

  @Test func `what a body says survives a second reading`() throws {
    let body =
      #"{"PeerName":"a","Meta":{"q\"":"\\ \u2028 </script>","é":""},"ServerExternalAddresses":["","x"]}"#
    let first = try request("POST /v1/peering/token", body: body)
    let once = String(decoding: try #require(first.upstreamBody()), as: UTF8.self)
    let second = try request("POST /v1/peering/token", body: once)
    #expect(second.upstreamBody() == first.upstreamBody())
  }

  @Test(arguments: [-1, 0, 1]) func `the number of values in a body`(_ excess: Int) throws {
    // The object, the name and the list are three.
    let count = PeeringLimits.bodyValues - 3 + excess
    let addresses = Array(repeating: "\"a\"", count: count).joined(separator: ",")
    let body = #"{"PeerName":"a","ServerExternalAddresses":["# + addresses + "]}"
    if excess > 0 {
      #expect(throws: Refusal.self) { try request("POST /v1/peering/token", body: body) }
    } else {
      #expect(try request("POST /v1/peering/token", body: body).upstreamBody() == Array(body.utf8))
    }
  }

  @Test(arguments: [-1, 0, 1]) func `the bytes of a key of Meta`(_ excess: Int) throws {
    // Counted in bytes: a mark that combines has two of them, and is no character of its own.
    for unit in ["k", "\u{301}"] {
      let count = (PeeringLimits.bodyKeyBytes + excess) / unit.utf8.count
      let rest = (PeeringLimits.bodyKeyBytes + excess) % unit.utf8.count
      let key = String(repeating: unit, count: count) + String(repeating: "k", count: rest)
      let body = #"{"PeerName":"a","Meta":{""# + key + #"":"v"}}"#
      if excess > 0 {
        #expect(throws: Refusal.self) { try request("POST /v1/peering/token", body: body) }
      } else {
        #expect(try request("POST /v1/peering/token", body: body).upstreamBody() == Array(body.utf8))
      }
    }
  }
}
