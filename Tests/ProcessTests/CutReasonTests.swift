// Names that are too long to stand in a reason: cut in the answer, cut and digested in the record.

import Support
import Testing

@Suite struct CutReasonTests {
  private let gate: GateProcess
  private let upstream: RecordingUpstream

  init() throws {
    upstream = try RecordingUpstream { _ in .json("{}") }
    gate = try GateProcess(upstream: upstream.address, auditMore: GateProcess.everyRefusal)
  }

  /// The reason in the record of a request, and the body of its answer.
  private func refuse(_ text: String) throws -> (reason: String, answer: String) {
    let before = try gate.audit().count
    let reply = try gate.request(text)
    #expect(try eventually { try gate.audit().count == before + 1 })
    return (try #require(try gate.audit().last?.reason), reply.body)
  }

  private static func body(_ text: String) -> String {
    request("POST", "/v1/peering/token", token: Token.administrator, body: text)
  }

  /// What a record has of 40 bytes, and of how many its digest is.
  private struct Place: Sendable {
    let request: @Sendable (String) -> String
    let beginning: Int
    /// As the answer has it.
    let shown: String
  }

  private static let name = String(repeating: "Zy", count: 20)

  private static let places = [
    Place(
      request: { get("/v1/peering/\($0)", token: Token.administrator) }, beginning: 8, shown: "'ZyZyZyZy…'"),
    Place(request: { body("{\"PeerName\":\"\($0)\"}") }, beginning: 8, shown: "ZyZyZyZy… is not a valid"),
    Place(
      request: { request($0, "/v1/peerings", token: Token.administrator) }, beginning: 8, shown: "ZyZyZyZy…"),
    Place(
      request: { get("/v1/peerings?\($0)=1", token: Token.administrator) }, beginning: 0, shown: "of 40 bytes"
    ),
    Place(request: { body("{\"\($0)\":1}") }, beginning: 0, shown: "unknown field of 40 bytes"),
    Place(
      request: { body("{\"\($0)\":1,\"\($0)\":2}") }, beginning: 0, shown: "a key of 40 bytes stands here"),
  ]

  @Test(arguments: places.indices) func `the record has a digest of what is cut, and the answer has none`(
    _ index: Int
  ) throws {
    let place = Self.places[index]
    let (reason, answer) = try refuse(place.request(Self.name))
    #expect(answer.contains(place.shown) && !answer.contains("hmac"), "\(answer)")
    let mark = /([A-Za-z]*)\.\.\.\(hmac-sha256:[0-9a-f]{8}:[0-9a-f]{64}, \+([0-9]+) bytes\)/
    let found = try #require(reason.firstMatch(of: mark), "\(reason)")
    #expect(found.1.suffix(place.beginning) == Self.name.prefix(place.beginning))
    #expect(Int(found.2) == 40 - place.beginning, "\(reason)")
    #expect(!reason.contains("\\x") && !reason.contains("(+"), "not cut a second time: \(reason)")
    // The same name has the same digest, another has another.
    #expect(try refuse(place.request(Self.name)).reason == reason)
    let other = String(repeating: "Zy", count: 19) + "Zx"
    #expect(try refuse(place.request(other)).reason.firstMatch(of: mark)?.0 != found.0)
  }

  /// What is no request may be a secret whole: nothing of it is shown, and nothing digested.
  @Test(arguments: [
    "\(name)@ /v1/peerings HTTP/1.1\r\n\r\n", get("/v1/peerings", fields: "\(name) : x\r\n"),
    get("/v1/peerings", fields: "\(name)@: x\r\n"),
  ])
  func `of a malformed method or field name nothing is shown`(text: String) throws {
    let (reason, answer) = try refuse(text)
    #expect(
      !reason.contains("Zy") && !reason.contains("hmac") && !answer.contains("Zy"), "\(reason) \(answer)")
  }

  @Test func `a name in a path has the digest that its path has`() throws {
    let reason = try refuse(get("/v1/peering/\(Self.name)")).reason
    let endpoint = try #require(
      try gate.audit().last?.text.firstMatch(of: /"endpoint":"\/v1\/peering\/([^"]*)"/)
    ).1
    #expect(reason.contains("'\(endpoint)'"), "\(reason) \(endpoint)")
  }

  @Test func `what is short enough stands whole`() throws {
    for length in [23, 24, 25] {
      let name = String(repeating: "Z", count: length)
      let reason = try refuse(get("/v1/peering/\(name)")).reason
      #expect(reason.contains("'\(name)'") == (length <= 24) && reason.contains("hmac") == (length > 24))
    }
  }

  @Test func `no part of a token that the request presents stands in either`() throws {
    let token = "Secret-\(String(repeating: "S", count: 33))"
    for text in [
      get("/v1/peering/\(token)", token: token), get("/v1/peering/x\(token).", token: token),
      request(token, "/v1/peerings", token: token),
    ] {
      let (reason, answer) = try refuse(text)
      #expect(reason.contains("<hidden>") && !reason.contains("Secret"), "\(reason)")
      #expect(!answer.contains("Secret"), "\(answer)")
    }
  }

  @Test(arguments: [-1, 0, 1]) func `a sentence of Consul's is cut and digested as well`(_ excess: Int)
    throws
  {
    let beginning = "Consul (not shown to the client): "
    let length = 512 - beginning.utf8.count + excess
    let sentence = String(String(repeating: "so it is ", count: 100).prefix(length - 1)) + "."
    let consul = try RecordingUpstream { _ in
      .bytes("HTTP/1.1 500 Status\r\nContent-Length: \(length)\r\n\r\n\(sentence)")
    }
    let gate = try GateProcess(upstream: consul.address)
    _ = try gate.request(get("/v1/peering/hub", token: Token.administrator))
    let reason = try #require(try gate.audit().last?.reason)
    if excess <= 0 {
      #expect(reason == beginning + sentence)
    } else {
      #expect(reason.hasPrefix(beginning + "so it is") && reason.utf8.count <= 512)
      let rest = try #require(
        reason.firstMatch(
          of:
            /^Consul \(not shown to the client\): ([a-z ]+)\.\.\.\(hmac-sha256:[0-9a-f:]{73}, \+([0-9]+) bytes\)$/
        ))
      #expect(rest.1.utf8.count + (Int(rest.2) ?? 0) == length)
    }
  }
}
