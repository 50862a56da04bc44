// What the kernel tells of a file, by its name or of one that is open.
import CLinux
import Glibc

/// Without the times, which nobody here needs: a file that was asked for them gets exact ones with the next write.
struct FileStatus {
  let identity: Identity
  let size: Int
  /// None, once it was deleted.
  let names: Int
  let isRegular: Bool
  let owner: UInt32
  let group: UInt32
  let permissions: UInt32

  /// Opens a folder that may be entered, without leave to list it. It stands here, since a file that imports CLinux and asks
  /// Glibc for a `stat` makes `timespec` one of CLinux's for the whole module where that is built as one.
  static var byPath: Int32 { clinux_by_path }

  /// The same for every name of a file, and for no other file as long as it is open.
  struct Identity: Equatable {
    let device: UInt64
    let inode: UInt64
  }

  /// By anybody but root, who may do so in any case.
  var isWritableByGroup: Bool { permissions & 0o020 != 0 && group != 0 }

  /// Nil when there is none; then `errno` says why.
  init?(of path: String) {
    var found = clinux_file()
    guard unsafe clinux_look_up(path, &found) == 0 else { return nil }
    self.init(found)
  }

  init?(of descriptor: borrowing Descriptor) {
    var found = clinux_file()
    guard unsafe clinux_look_at(descriptor.number, &found) == 0 else { return nil }
    self.init(found)
  }

  private init(_ found: clinux_file) {
    identity = Identity(device: found.device, inode: found.inode)
    size = Int(found.size)
    names = Int(found.names)
    isRegular = found.type == S_IFREG
    owner = found.owner
    group = found.group
    permissions = found.permissions
  }
}
