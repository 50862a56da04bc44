// A certificate, key or CA file on disk: read whole, written whole.

internal import Glibc

enum CredentialFile {
  struct Content {
    let bytes: [UInt8]
    let permissions: mode_t
  }

  enum Kind {
    case credentials, revocationLists

    var limitBytes: Int {
      switch self {
      case .credentials: TLSLimits.fileBytes
      case .revocationLists: TLSLimits.revocationFileBytes
      }
    }
  }

  static func read(_ path: String, _ kind: Kind = .credentials) throws(TLSError) -> Content {
    // Without waiting: a pipe that nobody writes to would hold the start, or the reload, for ever.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw .file(path, errno == ENOENT ? .missing : .unreadable(systemError()))
    }
    defer { _ = close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw .file(path, .unreadable(systemError())) }
    // A device or a pipe may never end, and is another each time it is read.
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .file(path, .notAFile(status.st_mode & S_IFMT == S_IFDIR ? "a directory" : "a pipe or a device"))
    }
    guard status.st_size <= kind.limitBytes else { throw .file(path, .tooLarge(limitBytes: kind.limitBytes)) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16_384)
    while true {
      let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      if count < 0 { throw .file(path, .unreadable(systemError())) }
      if count == 0 { break }
      bytes += chunk[..<count]
      guard bytes.count <= kind.limitBytes else {
        throw .file(path, .tooLarge(limitBytes: kind.limitBytes))
      }
    }
    return Content(bytes: bytes, permissions: status.st_mode & 0o7777)
  }

  /// Replaces the file as a whole: a reader sees the old content or the new, and a crash leaves no half key.
  static func write(_ text: String, to path: String, permissions: mode_t) throws(TLSError) {
    let temporary = "\(path).\(getpid()).tmp"
    _ = unsafe unlink(temporary)
    let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, permissions)
    guard descriptor >= 0 else { throw .file(path, .unwritable(systemError())) }
    let written = writeWhole(Array(text.utf8), to: descriptor) && fsync(descriptor) == 0
    let closed = close(descriptor) == 0
    guard written, closed, unsafe rename(temporary, path) == 0 else {
      let error = systemError()
      _ = unsafe unlink(temporary)
      throw .file(path, .unwritable(error))
    }
  }

  /// Makes one directory; that it is there already is no fault.
  static func makeDirectory(_ path: String, permissions: mode_t) throws(TLSError) {
    guard unsafe mkdir(path, permissions) == 0 || errno == EEXIST else {
      throw .file(path, .unwritable(systemError()))
    }
  }

  private static func writeWhole(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  private static func systemError() -> String { unsafe String(cString: strerror(errno)) }
}
