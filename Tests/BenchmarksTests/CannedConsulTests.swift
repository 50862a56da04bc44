// The canned Consul: sizes that the figures are told with, and requests told apart.

import Bytes
import JSON
import Testing

@testable import benchmarks

@Suite struct CannedConsulTests {
  @Test func `a peering has 540 bytes and is JSON`() throws {
    let body = CannedConsul.objectBody(Population.peer(7, of: 3))
    #expect(body.count == CannedConsul.objectBytes)
    #expect(try Document.parse(body.span)["Name"]?.string == Population.peer(7, of: 3))
  }

  @Test(arguments: [1, 10, 1_000]) func `a list has the peerings it says`(_ size: Int) throws {
    let body = CannedConsul.listBody((0..<size).map(Population.listed))
    #expect(body.count == CannedConsul.listBytes(size))
    #expect(try Document.parse(body.span).array?.count == size)
  }

  @Test(arguments: [10, 1_000]) func `a tenth of a list is one team's`(_ size: Int) throws {
    let questions = Questions(workload: .list(size), teams: 100, connections: 4)
    let filter = Abilities(decides: true, filtersLists: true)
    let kept = try #require(questions.body(0, connection: 3, abilities: filter))
    let names = try Document.parse(kept.span).array?.compactMap { $0["Name"]?.string } ?? []
    #expect(names.count == size / 10)
    #expect(names.allSatisfy { $0.hasPrefix(Population.prefix(3)) })
    #expect(
      questions.body(0, connection: 3, abilities: Abilities())
        == CannedConsul.listBody((0..<size).map(Population.listed)))
  }

  @Test(arguments: [1, 10, 100, 100_000]) func `every question is asked by a team that there is`(_ teams: Int)
  {
    for workload in [Workload.allowedGet, .mixedGet, .deniedGet, .generate, .list(10)] {
      let questions = Questions(workload: workload, teams: teams, connections: 32)
      for connection in [0, 1, 31] {
        for request in questions.requests(connection: connection) {
          let text = String(decoding: request, as: UTF8.self)
          let digits = text.split(separator: "5ec4e700-0000-4000-8000-")[1].prefix(12)
          #expect(Int(digits).map { $0 < teams } == true, "\(text)")
        }
      }
    }
  }

  @Test func `a connection is one caller's, or of many where they are mixed`() {
    for (workload, callers) in [(Workload.allowedGet, 1), (.deniedGet, 1), (.mixedGet, 16)] {
      let questions = Questions(workload: workload, teams: 1_000, connections: 32)
      let requests = questions.requests(connection: 3).map { String(decoding: $0, as: UTF8.self) }
      let tokens = requests.map { $0.split(separator: "X-Consul-Token: ")[1].prefix(36) }
      #expect(Set(tokens).count == callers)
      #expect(Set(requests.map { $0.prefix { $0 != "\r\n" } }).count == 16)
    }
  }

  private func request(_ text: String) -> ConsulRequest? {
    let bytes = Array(text.utf8)
    return ConsulRequest(bytes.span)
  }

  @Test func `requests are told apart`() {
    #expect(request("GET /v1/peerings HTTP/1.1\r\nHost: a\r\n\r\n")?.kind == .list)
    #expect(request("GET /v1/peering/abc HTTP/1.1\r\nHost: a\r\n\r\n")?.kind == .object(name: 16..<19))
    #expect(request("GET /v1/peering/abc?index=1&wait=1s HTTP/1.1\r\nHost: a\r\n\r\n")?.kind == .waiting)
    #expect(request("GET /held HTTP/1.1\r\nHost: a\r\n\r\n")?.kind == .count)
    #expect(request("GET / HTTP/1.1\r\nHost: a\r\n\r\n")?.kind == .other)
  }

  @Test func `a body is waited for`() {
    let head = "POST /v1/peering/token HTTP/1.1\r\nContent-Length: 4\r\n\r\n"
    #expect(request(head + "abc") == nil)
    #expect(request(head + "abcd")?.kind == .token)
    #expect(request(head + "abcdGET")?.byteCount == head.utf8.count + 4)
    #expect(request("GET /v1/peerings HTTP/1.1\r\nHost: a\r\n") == nil)
  }
}
