// Reads the files of a folder as they were at one moment.
import Bytes
import Glibc

/// Why a policy folder or file could not be read. The operator's to mend.
package enum FolderError: Error, Sendable, Hashable {
  case unreadable(path: String, reason: String)
  case notAFile(path: String)
  case fileTooLong(path: String, limitBytes: Int)
  case folderTooLong(path: String, limitBytes: Int)
  /// A name that is not UTF-8, made fit to be shown.
  case unreadableName(path: String, name: String)
  case tooManyFiles(path: String, limit: Int)
  case noPolicies(path: String)
  /// Somebody writes into the folder faster than it can be read.
  case keepsChanging(path: String)
}

extension FolderError: CustomStringConvertible {
  package var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(path.shown(keepingLayout: false)): cannot be read: \(reason)"
    case .notAFile(let path):
      "\(path.shown(keepingLayout: false)): is not a regular file, though its name says it holds policies"
    case .fileTooLong(let path, let limit):
      "\(path.shown(keepingLayout: false)): is longer than \(limit) bytes; split it into several files"
    case .folderTooLong(let path, let limit):
      "\(path.shown(keepingLayout: false)): its files together are longer than \(limit) bytes"
    case .unreadableName(let path, let name):
      "\(path.shown(keepingLayout: false)): a policy file whose name is not UTF-8 (\(name)); rename it"
    case .tooManyFiles(let path, let limit):
      "\(path.shown(keepingLayout: false)): holds more than \(limit) policy files"
    case .noPolicies(let path):
      "\(path.shown(keepingLayout: false)): holds no policy file (*.hcl or *.json); an empty set would deny everything to everyone"
    case .keepsChanging(let path):
      "\(path.shown(keepingLayout: false)): kept changing while it was read; try again when the writer is done"
    }
  }
}

enum FolderReader {
  /// The policy files (or the test files) of a folder, sorted by name; or, where `path` is a file, that one.
  ///
  /// Kubernetes replaces all files of a mounted folder at once by turning a symbolic link, between two opens
  /// of ours if need be. So the files' identities are compared before and after, and a folder that changed
  /// in between is read anew. Blocks on the disk: not for an event loop's thread.
  static func read(_ path: String, where isWanted: (ByteString) -> Bool) throws(FolderError) -> [PolicyFile] {
    for _ in 0..<PolicyLimits.folderReadAttempts {
      let before = try snapshot(path, where: isWanted)
      var files: [PolicyFile] = []
      var total = 0
      var changed = false
      for entry in before {
        guard let bytes = try contents(entry) else {
          changed = true
          break
        }
        total += bytes.count
        guard total <= PolicyLimits.folderBytes else {
          throw .folderTooLong(path: path, limitBytes: PolicyLimits.folderBytes)
        }
        files.append(PolicyFile(name: entry.name, path: entry.path, bytes: bytes))
      }
      if !changed, try snapshot(path, where: isWanted) == before { return files }
    }
    throw .keepsChanging(path: path)
  }

  struct Entry: Sendable, Equatable {
    let name: ByteString
    let path: String
    let device: UInt
    let inode: UInt
    let bytes: Int
    let modifiedSeconds: Int
    let modifiedNanoseconds: Int
    /// Anyone who copies a file with its times cannot set this one; and permission that is given later shows in it alone.
    let changedSeconds: Int
    let changedNanoseconds: Int
  }

  static func snapshot(
    _ path: String, where isWanted: (ByteString) -> Bool
  ) throws(FolderError) -> [Entry] {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { throw unreadable(path) }
    if status.st_mode & S_IFMT != S_IFDIR {
      let name = path.utf8.split(separator: UInt8(ascii: "/")).last.map { ByteString(Substring($0)) }
      return [try entry(name: name ?? ByteString(path), path: path)]
    }
    let names = try names(in: path, where: isWanted).sorted()
    guard names.count <= PolicyLimits.fileCount else {
      throw .tooManyFiles(path: path, limit: PolicyLimits.fileCount)
    }
    var entries: [Entry] = []
    for name in names {
      let folder = path.utf8.last == UInt8(ascii: "/") ? path : path + "/"
      entries.append(try entry(name: name, path: folder + name.string))
    }
    return entries
  }

  /// None, if it is no folder.
  static func paths(in path: String, where isWanted: (ByteString) -> Bool) -> [String] {
    let names = (try? names(in: path, where: isWanted).sorted()) ?? []
    return names.prefix(PolicyLimits.fileCount).map { path + "/" + $0.string }
  }

  private static func entry(name: ByteString, path: String) throws(FolderError) -> Entry {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { throw unreadable(path) }
    // Opening a pipe would wait for a writer.
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notAFile(path: path) }
    guard status.st_size <= PolicyLimits.fileBytes else {
      throw .fileTooLong(path: path, limitBytes: PolicyLimits.fileBytes)
    }
    return Entry(
      name: name, path: path, device: UInt(status.st_dev), inode: UInt(status.st_ino),
      bytes: Int(status.st_size), modifiedSeconds: status.st_mtim.tv_sec,
      modifiedNanoseconds: status.st_mtim.tv_nsec, changedSeconds: status.st_ctim.tv_sec,
      changedNanoseconds: status.st_ctim.tv_nsec)
  }

  private static func names(
    in path: String, where isWanted: (ByteString) -> Bool
  ) throws(FolderError) -> [ByteString] {
    guard let directory = unsafe opendir(path) else { throw unreadable(path) }
    defer { unsafe closedir(directory) }
    var names: [ByteString] = []
    while let entry = unsafe readdir(directory) {
      // The entry is shorter than its declared type, so only the name's own address may be touched.
      guard let name = unsafe entry.pointer(to: \.d_name) else { continue }
      let text = unsafe UnsafeRawPointer(name).assumingMemoryBound(to: CChar.self)
      // Repaired, it is another name: good to say which it was, and not to open it.
      let repaired = unsafe ByteString(String(cString: text))
      guard !repaired.hasPrefix("."), isWanted(repaired) else { continue }
      guard unsafe repaired.count == strlen(text), unsafe String(validatingCString: text) != nil else {
        throw .unreadableName(path: path, name: repaired.shown)
      }
      names.append(repaired)
    }
    return names
  }

  /// Nil when the file is not as long as it was: it is being written.
  private static func contents(_ entry: Entry) throws(FolderError) -> [UInt8]? {
    let descriptor = unsafe open(entry.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw unreadable(entry.path) }
    defer { close(descriptor) }
    // One byte more than expected, so that growth shows.
    var bytes = [UInt8](repeating: 0, count: entry.bytes + 1)
    var filled = 0
    while filled < bytes.count {
      let count = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe Glibc.read(descriptor, buffer.baseAddress.map { unsafe $0 + filled }, buffer.count - filled)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw unreadable(entry.path) }
      if count == 0 { break }
      filled += count
    }
    guard filled == entry.bytes else { return nil }
    bytes.removeLast()
    return bytes
  }

  private static func unreadable(_ path: String) -> FolderError {
    .unreadable(path: path, reason: unsafe String(cString: strerror(errno)))
  }
}
