// Lines as syslog messages.
import Bytes
import Glibc

/// RFC 5424 section 6, with octet counting on streams (RFC 6587 section 3.4.1):
///
///     SYSLOG-MSG = "<" PRIVAL ">1 " TIMESTAMP " " HOSTNAME " " APP-NAME " " PROCID " " MSGID " - " MSG
///     SYSLOG-FRAME = MSG-LEN " " SYSLOG-MSG
///
/// TIMESTAMP is the line's own `created_at`, MSGID is `audit`, MSG the line without its newline. An anchor is a message
/// by itself with the MSGID `anchor`.
struct SyslogFraming: Sendable {
  private let prefix: [UInt8]
  private let suffix: [UInt8]

  /// - Parameter message: MSGID.
  init(_ header: SyslogHeader, process: Int32, message: String = "audit") {
    let informational = 6
    let named = header.hostName?.string ?? String(decoding: MachineName.current, as: UTF8.self)
    let host = Self.token(named, limit: 255)
    let application = Self.token(header.applicationName, limit: 48)
    prefix = Array("<\(Int(header.facility) * 8 + informational)>1 ".utf8)
    suffix = Array(" \(host) \(application) \(process) \(message) - ".utf8)
  }

  func messages(of block: borrowing Block, countingBytes: Bool) -> (bytes: [UInt8], ends: [Int]) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(block.bytes.count + block.lineCount * (prefix.count + suffix.count + 40))
    var ends: [Int] = []
    ends.reserveCapacity(block.lineCount)
    var start = 0
    for end in block.lineEnds {
      let line = block.bytes[start..<end - 1]
      // Every line begins {"created_at":" and a timestamp of 27 bytes.
      let timestamp = line.dropFirst(15).prefix(27)
      if countingBytes {
        bytes += String(prefix.count + timestamp.count + suffix.count + line.count).utf8
        bytes.append(UInt8(ascii: " "))
      }
      bytes += prefix
      bytes += timestamp
      bytes += suffix
      bytes += line
      ends.append(bytes.count)
      start = end
    }
    return (bytes, ends)
  }

  /// One message that is no line of a block.
  func message(_ text: String, at time: WallTime, countingBytes: Bool) -> [UInt8] {
    var formatter = TimestampFormatter()
    formatter.format(time)
    let message = prefix + formatter.text + suffix + Array(text.utf8)
    return countingBytes ? Array("\(message.count) ".utf8) + message : message
  }

  /// PRINTUSASCII within its length; `-` for nothing.
  private static func token(_ text: String, limit: Int) -> String {
    let printable = text.utf8.filter { 33...126 ~= $0 }.prefix(limit)
    return printable.isEmpty ? "-" : String(decoding: printable, as: UTF8.self)
  }

}
