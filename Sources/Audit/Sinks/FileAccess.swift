// Who may read the files of a log besides the gate.
package import Bytes
import Glibc

/// For files that are made from now on; what is there already keeps what it has. Without either the owner alone reads.
package struct FileAccess: Sendable, Equatable {
  package struct Group: Sendable, Equatable {
    package let id: UInt32
    package let name: String
  }

  package var mode: UInt32?
  package var group: Group?

  package init() {}

  /// Reads `"0640"`. Nil unless the owner may read and write, and nobody else may do more than read.
  package static func mode(_ text: ByteString) -> UInt32? {
    guard 3...4 ~= text.count, text.utf8.allSatisfy({ 0x30...0x37 ~= $0 }),
      let mode = UInt32(text.string, radix: 8), mode & 0o600 == 0o600, mode & ~0o644 == 0
    else { return nil }
    return mode
  }

  /// Of a new file. A group that is named is meant to read.
  private var wantedMode: UInt32? { mode ?? (group == nil ? nil : 0o640) }

  /// Gives a file that was just made, or is as empty as one, its group and mode; whatever the umask took away comes back.
  func apply(to file: borrowing Descriptor, at path: String) throws(AuditError) {
    if let group {
      guard fchown(file.number, uid_t.max, group.id) == 0 else {
        throw errno == EPERM
          ? .notInGroup(path: path, group: group.name) : .cannotSetAccess(path: path, code: errno)
      }
    }
    if let wantedMode, fchmod(file.number, wantedMode) != 0 {
      throw .cannotSetAccess(path: path, code: errno)
    }
  }

  /// Told at the start, not when the first file is rotated.
  func check(for path: String) throws(AuditError) {
    if let group, !Accounts.isOurs(group.id) { throw .notInGroup(path: path, group: group.name) }
  }
}
