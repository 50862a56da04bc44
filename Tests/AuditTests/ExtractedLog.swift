// An extract of a signed log, in the hands of somebody who has not the key.
import Bytes
import Digests
import Foundation
import Testing

@testable import Audit

/// Made by the real journal and the real extraction; each forgery works on a copy.
struct ExtractedLog: Sendable {
  var lines: [String]
  let key: VerifyingKey

  /// Of 1,113 lines of two runs, with a checkpoint in the first: two in a row, one alone, and two in the second run.
  static let wanted = ["request-99", "request-100", "request-500", "request-1099", "other-3"]

  static func make(isConnected: Bool = true, ids: [String] = wanted) throws -> ExtractedLog {
    let log = try SignedLog()
    return ExtractedLog(lines: try log.extract(ids: ids, isConnected: isConnected).lines, key: log.key)
  }

  func verify(withKey: Bool = true) throws -> ExtractReport {
    let scratch = try Scratch()
    try lines.map { $0 + "\n" }.joined().write(
      toFile: scratch.path("extract"), atomically: true, encoding: .utf8)
    return try Self.verify(scratch.path("extract"), keys: withKey ? [key] : [])
  }

  static func verify(_ path: String, keys: [VerifyingKey]) throws -> ExtractReport {
    var options = VerificationOptions()
    options.publicKeys = keys
    guard case .extract(let report) = try LogVerification.check([path], options) else {
      throw VerificationError.noRecord
    }
    return report
  }

  /// The index of the line that holds `text`.
  func index(_ text: String) throws -> Int { try #require(lines.firstIndex { $0.contains(text) }) }

  mutating func replace(_ index: Int, _ old: String, _ new: String) {
    let changed = lines[index].replacing(old, with: new)
    #expect(changed != lines[index], "\(old) is not in \(lines[index])")
    lines[index] = changed
  }

  /// What stands for a line that is left out, as anybody can compute it.
  static func leftOut(_ line: String) throws -> String {
    let number = try #require(try object(line)["seq"] as? Int)
    let digest = Base64.encode(SHA256.digest(of: String(line.dropLast(79))).bytes.span)
    return "{\"left_out\":{\"first\":\(number),\"last\":\(number),\"digests\":\"\(digest)\"}}"
  }
}

/// The log that it is made of.
struct SignedLog {
  let scratch: Scratch
  let key: VerifyingKey
  var path: String { scratch.path("audit.log") }

  init(key: AuditKey? = nil, isSigned: Bool = true) throws {
    scratch = try Scratch()
    let key = try key ?? AuditKey(SigningKey.generate())
    self.key = key.publicKey
    var settings = JournalSettings(path: scratch.path("audit.log"))
    if isSigned { settings.key = key }
    for (name, count) in [("request", 1_100), ("other", 8)] {
      let journal = try Journal.open(settings)
      let fates = Fates()
      try journal.submit(sampleBatch(name, count: count), completion: fates.completion)
      _ = try #require(fates.wait(for: 1))
      #expect(journal.close(withinMilliseconds: patience) == 0)
    }
  }

  func extract(
    ids: [String], isConnected: Bool = true
  ) throws -> (lines: [String], result: LogExtraction.Result) {
    var query = RecordQuery()
    query.ids = ids.map { NameFilter(ByteString($0)) }
    var bytes: [UInt8] = []
    let result = try LogExtraction.run([path], query, publicKeys: [], isConnected: isConnected) {
      bytes += $0
      return true
    }
    return (String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init), result)
  }
}
