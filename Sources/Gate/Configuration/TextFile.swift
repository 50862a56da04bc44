// Small files that an operator names, read whole.

internal import Glibc
internal import Sockets

package struct FileError: Error, Sendable {
  package let sentence: String
}

package enum TextFile {
  struct Content {
    let bytes: [UInt8]
    let permissions: mode_t

    /// What is wrong with who may read or change a file that holds a `secret`: the first of it, for one line. Members of
    /// its group are the operator's choice.
    func warning(secret: StaticString) -> String? {
      permissions & 0o004 != 0
        ? "every user of this machine can read the \(secret); chmod 600 it" : warningOfWriters
    }

    var warningOfWriters: String? {
      permissions & 0o002 != 0 ? "every user of this machine can change it; chmod o-w it" : nil
    }
  }

  /// The file's bytes. A longer file than `limitBytes` is refused, so that a wrong name cannot fill the memory.
  ///
  /// - Parameter isPipeRead: whether a pipe will do, and is waited for: for a command that somebody sits before. It would
  ///   hold the start of a gate, or its reload, for ever.
  package static func read(
    _ path: String, limitBytes: Int, isPipeRead: Bool = false
  ) throws(FileError) -> [UInt8] {
    try content(of: path, limitBytes: limitBytes, isPipeRead: isPipeRead).bytes
  }

  static func content(
    of path: String, limitBytes: Int, isPipeRead: Bool = false
  ) throws(FileError) -> Content {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | (isPipeRead ? 0 : O_NONBLOCK))
    guard descriptor >= 0 else { throw unreadable() }
    defer { _ = close(descriptor) }
    // Of the file that is read, whatever its name leads to by then.
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw unreadable() }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFIFO where isPipeRead: break
    case S_IFDIR: throw FileError(sentence: "the file cannot be read: it is a directory")
    // It may never end, and a reload reads the file again.
    default: throw FileError(sentence: "the file cannot be read: it is a pipe or a device")
    }
    var bytes = [UInt8](repeating: 0, count: min(limitBytes, max(0, Int(status.st_size))) + 1)
    var count = 0
    while true {
      // A file of the kernel's says that it is empty, and others may grow.
      if count == bytes.count { bytes += [UInt8](repeating: 0, count: limitBytes + 1 - count) }
      let got = unsafe bytes.withUnsafeMutableBytes { bytes in
        unsafe Glibc.read(descriptor, bytes.baseAddress.map { unsafe $0 + count }, bytes.count - count)
      }
      if got < 0, errno == EINTR { continue }
      guard got >= 0 else { throw unreadable() }
      if got == 0 { break }
      count += got
      guard count <= limitBytes else {
        throw FileError(sentence: "the file is longer than \(limitBytes) bytes")
      }
    }
    bytes.removeSubrange(count...)
    return Content(bytes: bytes, permissions: status.st_mode)
  }

  private static func unreadable() -> FileError {
    FileError(sentence: "the file cannot be read: \(systemMessage(errno))")
  }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// With its closing slash; empty for a bare name.
  static func folder(of path: String) -> String {
    path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[...$0]) } ?? ""
  }
}
