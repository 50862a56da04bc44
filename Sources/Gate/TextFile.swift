// Small files that an operator names, read whole.

internal import Glibc
internal import Sockets

package struct FileError: Error, Sendable {
  package let sentence: String
}

package enum TextFile {
  /// The file's bytes. A longer file than `limitBytes` is refused, so that a wrong name cannot fill the memory.
  package static func read(_ path: String, limitBytes: Int) throws(FileError) -> [UInt8] {
    guard let file = unsafe fopen(path, "re") else {
      throw FileError(sentence: "the file cannot be read: \(systemMessage(errno))")
    }
    defer { unsafe fclose(file) }
    var bytes = [UInt8](repeating: 0, count: limitBytes + 1)
    let count = unsafe fread(&bytes, 1, bytes.count, file)
    if unsafe ferror(file) != 0 {
      throw FileError(sentence: "the file cannot be read: \(systemMessage(errno))")
    }
    guard count <= limitBytes else {
      throw FileError(sentence: "the file is longer than \(limitBytes) bytes")
    }
    bytes.removeSubrange(count...)
    return bytes
  }

  /// With its closing slash; empty for a bare name.
  static func folder(of path: String) -> String {
    path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? ""
  }
}
