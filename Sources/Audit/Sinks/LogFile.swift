// Opening and locking a log file.
import Bytes
import Glibc

enum LogFile {
  /// What a path names, as far as it matters where lines go.
  enum Kind { case file, stream }

  static func kind(of path: String) throws(AuditError) -> Kind {
    // Redirected into a file or not, it is a stream: its name is a link, and others may write to it.
    if ByteString(path) == StreamSink.standardOutput { return .stream }
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return .file }
    return switch status.st_mode & S_IFMT {
    case S_IFDIR: throw .isDirectory(path: path)
    case S_IFREG: .file
    default: .stream
    }
  }

  /// Opens `path` for appending, creates it with mode 0600 or what `access` says when it is missing, and locks it.
  static func open(_ path: String, _ access: FileAccess = FileAccess()) throws(AuditError) -> Descriptor {
    let folder = try openFolder(of: path)
    guard let found = folder.status() else { throw .cannotOpen(path: path, code: errno) }
    if let exposure = Exposure(.folder, LogName.directory(of: path), found) { throw .exposed(exposure) }
    let descriptor = Descriptor(
      owning: try open(path, named: LogName.last(of: path), in: folder.number, flags: O_CREAT | O_NOFOLLOW))
    guard let status = descriptor.status() else { throw .cannotOpen(path: path, code: errno) }
    guard status.isRegular else { throw .cannotOpen(path: path, code: EINVAL) }
    if let exposure = Exposure(.file, path, status) { throw .exposed(exposure) }
    // A second writer would begin a second chain in the same file. The lock belongs to the open file.
    guard flock(descriptor.number, LOCK_EX | LOCK_NB) == 0 else { throw .inUse(path: path) }
    // Not only what was made just now: a gate may have been killed before it came to this.
    if status.size == 0, status.owner == geteuid() { try access.apply(to: descriptor, at: path) }
    return descriptor
  }

  /// A new file beside `path`, ours and locked before it takes the name of the one that ends.
  static func openNext(to path: String, _ access: FileAccess) throws(AuditError) -> Descriptor {
    unsafe unlink(path + LogName.nextSuffix)
    return try open(path + LogName.nextSuffix, access)
  }

  /// Where members of a group may write, which is worth a warning: every file of a Kubernetes volume with an `fsGroup` is
  /// so, and `/var/log` of Ubuntu.
  static func placesOfGroup(_ path: String, _ file: borrowing Descriptor) -> [Exposure.Place] {
    var places: [Exposure.Place] = []
    if let status = file.status(), status.isWritableByGroup { places.append(.file) }
    if let folder = try? openFolder(of: path), let status = folder.status(), status.isWritableByGroup {
      places.append(.folder)
    }
    return places
  }

  private static func openFolder(of path: String) throws(AuditError) -> Descriptor {
    while true {
      let number = unsafe Glibc.open(
        LogName.directory(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC | FileStatus.byPath)
      if number >= 0 { return Descriptor(owning: number) }
      switch errno {
      case EINTR: continue
      case ENOENT: throw .parentMissing(path: path)
      case let code: throw .cannotOpen(path: path, code: code)
      }
    }
  }

  /// A descriptor for appending that never blocks where the kernel can help it.
  static func open(_ path: String, flags: Int32) throws(AuditError) -> Int32 {
    try open(path, named: path, in: AT_FDCWD, flags: flags)
  }

  private static func open(
    _ path: String, named name: String, in folder: Int32, flags: Int32
  ) throws(AuditError) -> Int32 {
    while true {
      let number = unsafe openat(
        folder, name, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | flags, 0o600)
      if number >= 0 { return number }
      switch errno {
      case EINTR: continue
      case EISDIR: throw .isDirectory(path: path)
      case ENOENT: throw .parentMissing(path: path)
      case ELOOP: throw .isSymbolicLink(path: path)
      case ENXIO: throw .nobodyReads(path: path)
      case let code: throw .cannotOpen(path: path, code: code)
      }
    }
  }

  /// Makes a rename or a new name last. Most file systems sync the name with the file; where this fails, that is
  /// what is left.
  static func syncDirectory(of path: String) {
    let number = unsafe Glibc.open(LogName.directory(of: path), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard number >= 0 else { return }
    fsync(number)
    close(number)
  }
}
