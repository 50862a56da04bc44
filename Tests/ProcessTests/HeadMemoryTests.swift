// A large head is gone when its request is answered.

import Support
import Testing

@Suite struct HeadMemoryTests {
  private static let clients = 200

  /// What the gate holds more when so many clients stay that have sent a head of about so many bytes each.
  private func growth(headBytes: Int) throws -> Int {
    let upstream = try RecordingUpstream { _ in .json("[]") }
    let gate = try GateProcess(upstream: upstream.address)
    let padding = String(repeating: "x", count: headBytes / 4)
    let fields = (0..<4).map { "X-Padding-\($0): \(padding)\r\n" }.joined()
    let before = gate.residentKilobytes
    var clients: [RawClient] = []
    for _ in 0..<Self.clients {
      let client = try gate.connect()
      try client.send(request("GET", "/v1/peerings", token: Token.administrator, fields: fields))
      #expect(try client.reply().status == 200)
      clients.append(client)
    }
    let growth = gate.residentKilobytes - before
    for client in clients { client.leave(.byReset) }
    return growth
  }

  @Test func `a head of thirty kilobytes is not kept for the life of its connection`() throws {
    let small = try growth(headBytes: 400)
    let large = try growth(headBytes: 29_000)
    // Kept, it and what it was read from were 61 kB for each.
    #expect(large - small < Self.clients * 15, "\(large) kB after \(small) kB")
  }
}
