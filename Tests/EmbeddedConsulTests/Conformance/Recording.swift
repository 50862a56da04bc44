// One exchange with a real Consul, as recorded.

import Bytes
import Foundation

@testable import EmbeddedConsul

struct Recording: Sendable {
  let name: String
  /// `dc1`, `dc2` or a special set-up; nil where the CLI spoke through a recorder.
  let agent: String?
  let request: EmbeddedConsul.ConsulRequest
  /// Nil: the request alone is known, and is sent for what it changes.
  let response: Response?
  /// As sent, where that was not what an HTTP library would send.
  let isRaw: Bool

  struct Response: Sendable {
    /// Nil: no answer came.
    let status: Int?
    let fields: [(name: String, value: String)]
    /// Nil: compressed, or cut in the recording.
    let body: String?
    let date: Timestamp?
    let elapsed: Duration

    func field(_ name: String) -> String? {
      fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }
  }

  var group: String { String(name.prefix { $0 != "-" }) }

  /// The recorder's own folder next to the repository, else the copy beside this file.
  static func all() throws -> [Recording] {
    let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    let golden = here.appendingPathComponent("../../../shared/golden").standardizedFileURL
    let isThere = FileManager.default.fileExists(atPath: golden.appendingPathComponent("INDEX.md").path)
    return try groups.flatMap { group in
      isThere ? try folder(golden.appendingPathComponent(group)) : try copy(here, group)
    }
  }

  /// In the order of recording.
  static let groups = [
    "token", "establish", "read", "list", "delete", "auth", "acl", "path", "http", "cli", "misc",
  ]

  private static func folder(_ folder: URL) throws -> [Recording] {
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    return try files.filter { $0.pathExtension == "json" }
      .sorted { $0.lastPathComponent < $1.lastPathComponent }
      .flatMap { try parse(Data(contentsOf: $0)) }
  }

  static func copy(_ folder: URL, _ group: String) throws -> [Recording] {
    let file = folder.appendingPathComponent("Recordings/\(group).jsonl")
    return try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")).flatMap { try parse($0) }
  }

  private static func parse(_ data: Data) throws -> [Recording] {
    guard let object = try JSONSerialization.jsonObject(with: data) as? [String: Any],
      let name = object["name"] as? String
    else { return [] }
    let exchanges = object["exchanges"] as? [[String: Any]] ?? [object]
    return exchanges.enumerated().compactMap { position, exchange in
      guard let request = exchange["request"] as? [String: Any] else { return nil }
      return Recording(
        name: position == 0 ? name : "\(name)+\(position)", agent: object["agent"] as? String, request,
        exchange["response"] as? [String: Any])
    }
  }

  private init(name: String, agent: String?, _ request: [String: Any], _ response: [String: Any]?) {
    self.name = name
    self.agent = agent
    isRaw = request["raw"] != nil
    self.request = RecordedRequest(name: name, request).request
    self.response = response.map { response in
      let headers = (response["headers"] as? [[String?]] ?? []).map {
        ($0[0] ?? "", $0.count > 1 ? $0[1] ?? "" : "")
      }
      let date = headers.first { $0.0 == "Date" }.flatMap { Recording.timestamp($0.1) }
      let isCompressed =
        response["body_base64"] != nil
        || headers.contains { $0.0 == "Content-Encoding" } && response["body"] == nil
      let isCut = name == "path-072-long-name-100k"
      return Response(
        status: response["status"] as? Int, fields: headers.map { (name: $0.0, value: $0.1) },
        body: isCompressed || isCut ? nil : response["body"] as? String ?? "", date: date,
        elapsed: .milliseconds(response["elapsed_ms"] as? Int ?? 0))
    }
  }

  /// `Sun, 22 Nov 2026 12:12:03 GMT`; all recordings are of one day.
  private static func timestamp(_ date: String) -> Timestamp? {
    let words = date.split(separator: " ")
    guard words.count == 6 else { return nil }
    let parts = words[4].split(separator: ":").compactMap { Int64($0) }
    guard parts.count == 3 else { return nil }
    let midnight: Int64 = 1_795_305_600
    return Timestamp(nanoseconds: (midnight + parts[0] * 3600 + parts[1] * 60 + parts[2]) * 1_000_000_000)
  }
}

/// What a handler would have seen: framing undone, what the recorder cut put back.
private struct RecordedRequest {
  let request: EmbeddedConsul.ConsulRequest

  init(name: String, _ recorded: [String: Any]) {
    let headers = (recorded["headers"] as? [[String?]] ?? [])
      .map { (name: $0[0] ?? "", value: RecordedRequest.latin1($0.count > 1 ? $0[1] ?? "" : "")) }
    let target = RecordedRequest.latin1(recorded["target"] as? String ?? "")
    var body = Array((recorded["body"] as? String ?? "").utf8)
    if let raw = recorded["raw"] as? String { body = RecordedRequest.body(raw: RecordedRequest.latin1(raw)) }
    if let base64 = recorded["body_base64"] as? String { body = Array(Data(base64Encoded: base64) ?? Data()) }
    request = EmbeddedConsul.ConsulRequest(
      method: ByteString(recorded["method"] as? String ?? ""),
      target: RecordedRequest.longTargets[name] ?? target,
      fields: headers.map { (name: ByteString($0.name), value: RecordedRequest.trimmed($0.value)) },
      body: RecordedRequest.longBodies[name] ?? body)
  }

  private static let longTargets: [String: [UInt8]] = [
    "read-012-long-name": Array(("/v1/peering/" + String(repeating: "n", count: 4_000)).utf8),
    "path-072-long-name-100k": Array(("/v1/peering/" + String(repeating: "a", count: 100_000)).utf8),
  ]

  private static let longBodies: [String: [UInt8]] = [
    // Foundation drops the byte order mark.
    "token-076-utf8-bom": [0xEF, 0xBB, 0xBF] + Array("{\"PeerName\":\"peer-bom\"}".utf8),
    "token-079-deep-nesting": Array(
      ("{\"Meta\":" + String(repeating: "[", count: 10_001) + String(repeating: "]", count: 10_001) + "}")
        .utf8),
    "token-117-big-body-1mb": [UInt8](repeating: 0x20, count: 1 << 20)
      + Array("{\"PeerName\":\"peer-big\"}".utf8),
    // Sixteen times as much was recorded; it would only test the patience of a debug build.
    "token-118-big-body-16mb": [UInt8](repeating: 0x20, count: 1 << 20)
      + Array("{\"PeerName\":\"peer-big\"}".utf8),
    "token-119-big-after-object": Array("{\"PeerName\":\"peer-big\"}".utf8)
      + [UInt8](repeating: 0x20, count: 1 << 22),
  ]

  /// The recorder wrote bytes beyond ASCII as the letters of that number.
  private static func latin1(_ text: String) -> [UInt8] {
    let scalars = text.unicodeScalars
    return scalars.allSatisfy { $0.value < 256 } ? scalars.map { UInt8($0.value) } : Array(text.utf8)
  }

  private static func trimmed(_ value: [UInt8]) -> [UInt8] {
    let blank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
    return Array(Array(value.drop(while: blank).reversed().drop(while: blank)).reversed())
  }

  /// The body of a request sent as text, by the framing its own head gives; whatever follows is left out.
  private static func body(raw: [UInt8]) -> [UInt8] {
    guard let end = raw.firstRange(of: Array("\r\n\r\n".utf8)) else { return [] }
    let head = String(decoding: raw[..<end.lowerBound], as: UTF8.self).lowercased()
    let rest = Array(raw[end.upperBound...])
    if head.contains("transfer-encoding") && head.contains("chunked") && head.contains("http/1.1") {
      return dechunked(rest)
    }
    let length = head.split(whereSeparator: \.isNewline)
      .first { $0.hasPrefix("content-length:") }
      .flatMap { Int($0.dropFirst(15).filter { $0 != " " }) }
    return Array(rest.prefix(max(0, length ?? 0)))
  }

  private static func dechunked(_ bytes: [UInt8]) -> [UInt8] {
    var body: [UInt8] = []
    var rest = bytes[...]
    while let line = rest.firstRange(of: Array("\r\n".utf8)) {
      let size = String(decoding: rest[..<line.lowerBound].prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self)
      guard let count = Int(size, radix: 16), count > 0,
        rest.distance(from: line.upperBound, to: rest.endIndex) >= count
      else { break }
      body += rest[line.upperBound...].prefix(count)
      rest = rest[line.upperBound...].dropFirst(count + 2)
    }
    return body
  }
}
