// Small files, read and written whole; what goes wrong is said with the path.

import Glibc

enum Files {
  /// Nil if it cannot be read: a process that has ended has no files in /proc.
  static func read(_ path: String) -> [UInt8]? {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe Glibc.read(descriptor, &piece, piece.count)
      guard count > 0 else { return count == 0 ? bytes : nil }
      bytes += piece[..<count]
    }
  }

  static func text(_ path: String) -> String? { read(path).map { String(decoding: $0, as: UTF8.self) } }

  @discardableResult
  static func write(_ path: String, _ text: String, permissions: mode_t = 0o644) throws -> String {
    try write(path, Array(text.utf8), permissions: permissions)
    return path
  }

  static func write(_ path: String, _ bytes: [UInt8], permissions: mode_t = 0o644) throws {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, permissions)
    guard descriptor >= 0 else { throw Trouble("\(path) cannot be written: \(systemMessage())") }
    defer { close(descriptor) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { throw Trouble("\(path) cannot be written: \(systemMessage())") }
      rest = rest.dropFirst(count)
    }
  }

  static func makeFolder(_ path: String) throws {
    guard unsafe mkdir(path, 0o755) == 0 || errno == EEXIST else {
      throw Trouble("the folder \(path) cannot be made: \(systemMessage())")
    }
  }

  static func isExecutable(_ path: String) -> Bool { unsafe access(path, X_OK) == 0 }
  static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

  static func systemMessage(_ code: Int32 = errno) -> String {
    unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
  }
}

/// What keeps a benchmark from being run, in a sentence for its reader.
struct Trouble: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
