// The names of rotated files.
import Bytes
import Glibc

/// `audit.log` is always the live file; when it ends it becomes `audit-20260102T030405.678901Z.log`, after
/// the instant of its end, so that names usually sort by age.
enum LogName {
  static let nextSuffix = ".next"

  static func rotated(from path: String, at now: WallTime) -> String {
    var formatter = TimestampFormatter()
    formatter.format(now)
    let stamp = formatter.text.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: ":") }
    let (stem, suffix) = split(path)
    return stem + "-" + String(decoding: stamp, as: UTF8.self) + suffix
  }

  /// In the order of the clock that named them, which may have been set.
  static func allRotated(from path: String) -> [String] {
    guard let directory = unsafe opendir(directory(of: path)) else { return [] }
    defer { unsafe closedir(directory) }
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let prefix = slash.map { String(path[...$0]) } ?? ""
    let (stem, suffix) = split(String(Substring(path.utf8.dropFirst(prefix.utf8.count))))
    var found: [ByteString] = []
    while found.count < AuditLimits.neighboursLookedAt, let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if isRotated(name.utf8[...], stem: stem, suffix: suffix) { found.append(ByteString(prefix + name)) }
    }
    return found.sorted().map(\.string)
  }

  /// When the first line of the file was made, as it says itself; nil for an empty or foreign file.
  static func birth(of path: String) -> WallTime? {
    let number = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
    guard number >= 0 else { return nil }
    defer { close(number) }
    var head = [UInt8](repeating: 0, count: 42)
    guard unsafe read(number, &head, head.count) == head.count else { return nil }
    return WallTime(rfc3339: head[15..<42])
  }

  static func directory(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Without the folder.
  static func last(of path: String) -> String {
    path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[path.utf8.index(after: $0)...]) } ?? path
  }

  private static let stampBytes = 23

  private static func isRotated(_ name: Substring.UTF8View, stem: String, suffix: String) -> Bool {
    let prefix = (stem + "-").utf8
    guard name.count == prefix.count + stampBytes + suffix.utf8.count, name.starts(with: prefix),
      name.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
    else { return false }
    return name.dropFirst(prefix.count).prefix(stampBytes).enumerated().allSatisfy { index, byte in
      switch index {
      case 8: byte == UInt8(ascii: "T")
      case 15: byte == UInt8(ascii: ".")
      case 22: byte == UInt8(ascii: "Z")
      default: 0x30...0x39 ~= byte
      }
    }
  }

  /// `/var/log/audit` and `.log`; without a suffix where the name has none.
  private static func split(_ path: String) -> (stem: String, suffix: String) {
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let name = slash.map { path.utf8.index(after: $0) } ?? path.startIndex
    guard let dot = path[name...].utf8.lastIndex(of: UInt8(ascii: ".")), dot > name else { return (path, "") }
    return (String(path[..<dot]), String(path[dot...]))
  }
}
