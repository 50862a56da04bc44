// The names of rotated files.
import Glibc

/// `audit.log` is always the live file; when it ends it becomes `audit-20260102T030405.678901Z.log`, after
/// the instant of its end, so that names sort by age.
enum LogName {
  static let nextSuffix = ".next"

  static func rotated(from path: String, at now: WallTime) -> String {
    var formatter = TimestampFormatter()
    formatter.format(now)
    let stamp = formatter.text.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: ":") }
    let (stem, suffix) = split(path)
    return stem + "-" + String(decoding: stamp, as: UTF8.self) + suffix
  }

  static func newestRotated(from path: String) -> String? { allRotated(from: path).last }

  /// The oldest rotated files beyond `count`, but for those that ended less than `age` seconds ago.
  static func pruned(from path: String, keeping count: Int, age: Int, at now: WallTime) -> [String] {
    let youngest = rotated(
      from: path, at: WallTime(microseconds: now.microseconds - Int64(age) * 1_000_000))
    return allRotated(from: path).dropLast(count).filter {
      age == 0 || $0.utf8.lexicographicallyPrecedes(youngest.utf8)
    }
  }

  /// Oldest first.
  static func allRotated(from path: String) -> [String] {
    guard let directory = unsafe opendir(directory(of: path)) else { return [] }
    defer { unsafe closedir(directory) }
    let prefix = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    let (stem, suffix) = split(String(path.dropFirst(prefix.count)))
    var found: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if isRotated(name, stem: stem, suffix: suffix) { found.append(prefix + name) }
    }
    return found.sorted()
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
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func isRotated(_ name: String, stem: String, suffix: String) -> Bool {
    let prefix = stem + "-"
    guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return false }
    let stamp = name.dropFirst(prefix.count).dropLast(suffix.count)
    let isDigit = { (character: Character) in character.isASCII && character.isNumber }
    return stamp.count == 23
      && stamp.enumerated().allSatisfy { index, character in
        switch index {
        case 8: character == "T"
        case 15: character == "."
        case 22: character == "Z"
        default: isDigit(character)
        }
      }
  }

  /// `/var/log/audit` and `.log`; without a suffix where the name has none.
  private static func split(_ path: String) -> (stem: String, suffix: String) {
    let name = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    guard let dot = path[name...].lastIndex(of: "."), dot > name else { return (path, "") }
    return (String(path[..<dot]), String(path[dot...]))
  }
}
