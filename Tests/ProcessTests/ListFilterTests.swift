// Lists show what the caller may see, byte for byte, and say so.

import Support
import Testing

@Suite struct ListFilterTests {
  @Test func `a list holds exactly the elements that may be read`() throws {
    let upstream = try RecordingUpstream { _ in .json(list(["billing", "cluster-01", "cluster-02", "web"])) }
    let gate = try GateProcess(upstream: "http://127.0.0.1:\(upstream.port)")
    let filtered = try gate.request(get("/v1/peerings", token: Token.reader))
    #expect(filtered.body == list(["cluster-01", "cluster-02"]))
    #expect(filtered["x-consul-results-filtered-by-acls"] == "true")
    #expect(filtered["x-consul-index"] == "7")
    #expect(filtered["x-consul-lastcontact"] == "0")
    let whole = try gate.request(get("/v1/peerings", token: Token.administrator))
    #expect(whole.body == list(["billing", "cluster-01", "cluster-02", "web"]))
    #expect(whole["x-consul-results-filtered-by-acls"] == nil)
  }

  @Test func `an anonymous caller is not told that something was removed`() throws {
    let upstream = try RecordingUpstream { _ in .json(list(["open", "hidden"])) }
    let gate = try GateProcess(
      upstream: "http://127.0.0.1:\(upstream.port)",
      policies:
        "policy \"open\" { peering \"open\" { policy = \"read\" } }\nanonymous { policies = [\"open\"] }")
    let reply = try gate.request(get("/v1/peerings"))
    #expect(reply.body == list(["open"]))
    #expect(reply["x-consul-results-filtered-by-acls"] == nil)
  }

  @Test func `nor by anything else in the answer`() throws {
    // As Consul lays lists out, without `pretty` and with it.
    let short: @Sendable ([String]) -> String = { names in list(names) }
    let long: @Sendable ([String]) -> String = { names in
      let elements = names.map { "\n    {\n        \"Name\": \"\($0)\"\n    }" }
      return names.isEmpty ? "[]\n" : "[" + elements.joined(separator: ",") + "\n]\n"
    }
    for (target, layout) in [("/v1/peerings", short), ("/v1/peerings?pretty", long)] {
      for kept in [[], ["open"]] {
        let upstream = try RecordingUpstream { received in
          .json(layout(received["x-request-id"] == "hiding" ? kept + ["hidden", "more"] : kept))
        }
        let gate = try GateProcess(
          upstream: "http://127.0.0.1:\(upstream.port)",
          policies:
            "policy \"open\" { peering \"open\" { policy = \"read\" } }\nanonymous { policies = [\"open\"] }")
        let replies = try ["hiding", "holding"].map { id in
          try gate.request(get(target, fields: "X-Request-Id: \(id)\r\n"))
        }
        #expect(replies[0].body == replies[1].body)
        #expect(replies[0].body == layout(kept))
        let fields = replies.map { reply in
          reply.fields.filter { !["date", "x-request-id"].contains($0.name) }.map {
            "\($0.name): \($0.value)"
          }
        }
        #expect(fields[0] == fields[1])
      }
    }
  }

  @Test(arguments: [
    "{\"Name\":\"cluster-01\"}", "[{\"Name\":\"cluster-01\"},",
    "[{\"Name\":\"cluster-01\",\"Name\":\"web\"}]",
    "[{\"name\":\"cluster-01\"}]", "[1]", "", "[{\"Name\":\"cluster-01\"}]]", "[{\"N\\u0061me\":\"web\"}]",
  ])
  func `a list that cannot be understood is not passed on`(body: String) throws {
    let upstream = try RecordingUpstream { _ in .json(body) }
    let gate = try GateProcess(upstream: "http://127.0.0.1:\(upstream.port)")
    let reply = try gate.request(get("/v1/peerings", token: Token.reader))
    #expect(reply.status == 502)
    #expect(!reply.body.contains("cluster"))
  }

  @Test func `an error of Consul's that carries a list is not passed on`() throws {
    let text = "Invalid index" + list(["web"])
    let upstream = try RecordingUpstream { _ in
      .bytes("HTTP/1.1 400 Bad Request\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)")
    }
    let gate = try GateProcess(upstream: "http://127.0.0.1:\(upstream.port)")
    let reply = try gate.request(get("/v1/peerings", token: Token.reader))
    #expect(reply.status == 502)
    #expect(!reply.body.contains("web"))
  }

  @Test func `a compressed list is not passed on`() throws {
    let upstream = try RecordingUpstream { _ in .json("[]", fields: "Content-Encoding: gzip\r\n") }
    let gate = try GateProcess(upstream: "http://127.0.0.1:\(upstream.port)")
    #expect(try gate.request(get("/v1/peerings", token: Token.reader)).status == 502)
  }
}
