// A signed log of two runs in the hands of somebody who can write the file, and has not the key.
import Digests
import Foundation
import Testing

@testable import Audit

/// Made once by the real journal; each forgery works on a copy.
struct ForgedLog: Sendable {
  var lines: [String]
  let key: VerifyingKey
  /// What the file ends with behind the last line.
  var rest = ""

  /// Long enough that a checkpoint stands in the first run.
  static func make() throws -> ForgedLog {
    let scratch = try Scratch()
    let key = try AuditKey(SigningKey.generate())
    var settings = JournalSettings(path: scratch.path("audit.log"))
    settings.key = key
    settings.policyDigest = "9f86d081884c7d65"
    for count in [1_100, 8] {
      let journal = try Journal.open(settings)
      let fates = Fates()
      try journal.submit(sampleBatch(count: count), completion: fates.completion)
      _ = try #require(fates.wait(for: 1))
      #expect(journal.close(withinMilliseconds: patience) == 0)
    }
    return ForgedLog(lines: try scratch.lines(of: "audit.log"), key: key.publicKey)
  }

  func verify(_ more: (inout VerificationOptions) -> Void = { _ in }) throws -> VerificationReport {
    let scratch = try Scratch()
    let text = lines.map { $0 + "\n" }.joined() + rest
    try text.write(toFile: scratch.path("audit.log"), atomically: true, encoding: .utf8)
    var options = VerificationOptions()
    options.publicKeys = [key]
    more(&options)
    return try LogVerification.verify([scratch.path("audit.log")], options)
  }

  /// The index of the `count`th line with this type, from 0.
  func index(_ type: String, _ count: Int = 0) -> Int {
    lines.indices.filter { lines[$0].contains("\"event_type\":\"\(type)\"") }[count]
  }

  mutating func replace(_ index: Int, _ old: String, _ new: String) {
    let changed = lines[index].replacing(old, with: new)
    #expect(changed != lines[index], "\(old) is not in \(lines[index])")
    lines[index] = changed
  }

  /// A record as it was, but for its number and link.
  func unchained(_ index: Int) -> String {
    lines[index].replacing(/,"seq":\d+,"previous":"[0-9a-f]{64}"\}$/, with: "}")
  }

  /// Numbers and links anew from `index` on, as anybody can make them.
  mutating func rechain(from start: Int = 0) throws {
    for index in start..<lines.count {
      let end = try #require(lines[index].range(of: ",\"seq\":", options: .backwards)).lowerBound
      lines[index] = lines[index][..<end] + ",\"seq\":\(index + 1),\"previous\":\"\(try before(index))\"}"
    }
  }

  /// As format 1 had it, whose links are digests of whole lines.
  mutating func rechainOld(from start: Int) throws {
    for index in start..<lines.count {
      let end = try #require(lines[index].range(of: ",\"seq\":", options: .backwards)).lowerBound
      let number = try #require(
        lines[index - 1].firstMatch(of: /"seq":(\d+),"previous":"[0-9a-f]{64}"\}$/)?.1)
      let link = SHA256.digest(of: lines[index - 1] + "\n").hexadecimal
      lines[index] = lines[index][..<end] + ",\"seq\":\((Int(number) ?? 0) + 1),\"previous\":\"\(link)\"}"
    }
  }

  private func before(_ index: Int) throws -> String {
    index == 0 ? String(repeating: "0", count: 64) : try link(behind: lines[index - 1]).hexadecimal
  }

  /// Every record of the log's own signed anew with another key, and all rechained.
  mutating func sign(with key: AuditKey) throws {
    let bytes = key.publicKey.bytes
    let name = Base64.encode(bytes.span)
    for index in lines.indices {
      lines[index] = lines[index].dropLast(66) + (try before(index)) + "\"}"
      guard let start = lines[index].range(of: ",\"key\":\"")?.lowerBound,
        let end = lines[index].range(of: "},\"seq\":", options: .backwards)?.lowerBound
      else { continue }
      let (head, tail) = (lines[index][..<start] + ",\"key\":\"\(name)\"", lines[index][end...])
      let signature = try #require(key.signature(over: Array((head + tail).utf8)))
      lines[index] = head + ",\"signature\":\"\(signature)\"" + tail
    }
  }

  /// Without key and signature, and what vouches.
  mutating func strip(_ index: Int) {
    guard let start = lines[index].range(of: "\"from\":")?.lowerBound,
      let end = lines[index].range(of: "},\"seq\":", options: .backwards)?.lowerBound
    else { return }
    let head = lines[index][..<start]
    lines[index] = String((head.hasSuffix(",") ? head.dropLast() : head) + lines[index][end...])
  }

  /// Sparse: every line so many seconds after the one before.
  mutating func spread(over seconds: Int, from start: Int, count: Int) {
    for index in start..<start + count {
      let time = String(
        format: "2026-01-02T%02d:%02d:%02d.000000Z", index * seconds / 3_600 % 24, index * seconds / 60 % 60,
        index * seconds % 60)
      let old = String(lines[index].dropFirst(15).prefix(27))
      lines[index] = lines[index].replacing(old, with: time)
    }
  }
}
