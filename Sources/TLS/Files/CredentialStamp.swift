// Which file a name leads to, and when it was last written.

internal import Glibc

/// For anyone who watches a file: it differs when the file was written, when another was renamed to its place, and when a
/// symbolic link anywhere on the way to it was turned. It costs one system call.
package struct CredentialStamp: Sendable, Equatable {
  private let device: UInt
  private let inode: UInt
  private let bytes: Int
  private let modified: [Int]
  /// Anyone who copies a file with its times cannot set this one.
  private let changed: [Int]

  /// Nil if it leads nowhere.
  package init?(of path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    device = UInt(status.st_dev)
    inode = UInt(status.st_ino)
    bytes = Int(status.st_size)
    modified = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
    changed = [status.st_ctim.tv_sec, status.st_ctim.tv_nsec]
  }
}
