// What a Consul answers, byte for byte the shape of a recorded one, made before the clock runs.

/// Sizes are those of an active peering with some services: 541 bytes in a list, its comma included.
struct CannedConsul: Sendable {
  static let objectBytes = 540

  let list: [UInt8]
  let tokenReply: [UInt8]
  private let objectStart: [UInt8]
  private let objectEnd: [UInt8]

  init(listSize: Int) {
    let (start, end) = Self.objectParts
    objectStart = Array(start.utf8)
    objectEnd = Array(end.utf8)
    // Consul chunks what is longer than 2 kB, in one piece.
    list = Self.listReply(Self.listBody((0..<listSize).map(Population.listed)))
    tokenReply =
      Self.head("Content-Length: \(Self.tokenBody.count)", isQuery: false) + Self.tokenBody
  }

  func appendObject(named name: Span<UInt8>, to bytes: inout [UInt8]) {
    bytes += Self.objectHead
    bytes += objectStart
    for place in name.indices { bytes.append(name[place]) }
    bytes += objectEnd
  }

  static func text(_ text: String) -> [UInt8] {
    head("Content-Length: \(text.utf8.count)", isQuery: false) + Array(text.utf8)
  }

  // MARK: Bodies

  static func objectBody(_ name: String) -> [UInt8] {
    let (start, end) = objectParts
    return Array((start + name + end).utf8)
  }

  static func listBody(_ names: [String]) -> [UInt8] {
    let (start, end) = objectParts
    var body: [UInt8] = []
    body.reserveCapacity(names.count * (objectBytes + 1) + 2)
    body.append(UInt8(ascii: "["))
    for (place, name) in names.enumerated() {
      if place > 0 { body.append(UInt8(ascii: ",")) }
      body += start.utf8
      body += name.utf8
      body += end.utf8
    }
    body.append(UInt8(ascii: "]"))
    return body
  }

  /// The length of a recorded one.
  static let tokenBody: [UInt8] = {
    let secret = String(repeating: "eyJDQSI6WyItLS0tLUJFR0lOIENFUlRJRklDQVRF", count: 38).prefix(1_484)
    return Array("{\"PeeringToken\":\"\(secret)\"}".utf8)
  }()

  private static let objectParts: (start: String, end: String) = {
    let start = "{\"ID\":\"41efe760-4766-8afa-fca5-3ba89e538478\",\"Name\":\""
    let meta = "\",\"Meta\":{\"env\":\"production\",\"owner\":\""
    let end =
      "\"},\"State\":\"ACTIVE\",\"StreamStatus\":{\"ImportedServices\":[\"billing\",\"web\"],"
      + "\"ExportedServices\":[\"api\",\"search\"],\"LastHeartbeat\":\"2026-11-22T12:13:18.798346066Z\","
      + "\"LastReceive\":\"2026-11-22T12:13:18.798346066Z\",\"LastSend\":\"2026-11-22T12:12:32.637568499Z\"},"
      + "\"CreateIndex\":115,\"ModifyIndex\":119,\"Remote\":{\"Partition\":\"\",\"Datacenter\":\"dc2\"}}"
    let known = (start + Population.listed(0) + meta + end).utf8.count
    return (start, meta + String(repeating: "o", count: objectBytes - known) + end)
  }()

  // MARK: Heads

  private static let objectHead = head("Content-Length: \(objectBytes)", isQuery: true)

  private static func listReply(_ body: [UInt8]) -> [UInt8] {
    guard body.count > 2_048 else { return head("Content-Length: \(body.count)", isQuery: true) + body }
    return head("Transfer-Encoding: chunked", isQuery: true)
      + Array("\(String(body.count, radix: 16))\r\n".utf8)
      + body + Array("\r\n0\r\n\r\n".utf8)
  }

  private static func head(_ framing: String, isQuery: Bool) -> [UInt8] {
    let query =
      "X-Consul-Index: 145\r\nX-Consul-Knownleader: true\r\nX-Consul-Lastcontact: 0\r\n"
      + "X-Consul-Query-Backend: blocking-query\r\n"
    return Array(
      ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nVary: Accept-Encoding\r\n"
        + "X-Consul-Default-Acl-Policy: deny\r\n\(isQuery ? query : "")Date: Sun, 22 Nov 2026 12:13:20 GMT\r\n"
        + "\(framing)\r\n\r\n").utf8)
  }
}

extension CannedConsul {
  /// Of a list's body.
  static func listBytes(_ size: Int) -> Int { size == 0 ? 2 : size * (objectBytes + 1) + 1 }
}
