// Users and groups of this machine, by number and by name.
package import Bytes
import Glibc

package enum Accounts {
  /// `bob (uid 1000)`, or the number alone where the machine knows no name for it.
  static func user(_ id: UInt32) -> String {
    let name: String? = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: entryBytes) { buffer in
      var entry = unsafe passwd()
      var found: UnsafeMutablePointer<passwd>?
      guard let texts = buffer.baseAddress, unsafe getpwuid_r(id, &entry, texts, buffer.count, &found) == 0,
        unsafe found != nil,
        let name = unsafe entry.pw_name
      else { return nil }
      return unsafe String(cString: name)
    }
    return name.map { "\($0) (uid \(id))" } ?? "uid \(id)"
  }

  /// The group of this name or, where there is none, of this number.
  package static func group(_ name: ByteString) -> FileAccess.Group? {
    let id: UInt32? = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: entryBytes) { buffer in
      var entry = unsafe Glibc.group()
      var found: UnsafeMutablePointer<Glibc.group>?
      guard let texts = buffer.baseAddress,
        unsafe getgrnam_r(name.string, &entry, texts, buffer.count, &found) == 0,
        unsafe found != nil
      else { return nil }
      return unsafe entry.gr_gid
    }
    if let id { return FileAccess.Group(id: id, name: name.string) }
    guard name.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let id = UInt32(name.string), id != .max else {
      return nil
    }
    return FileAccess.Group(id: id, name: name.string)
  }

  /// Whether this process may give files of its own to the group.
  static func isOurs(_ group: UInt32) -> Bool {
    if geteuid() == 0 || getegid() == group { return true }
    let count = getgroups(0, nil)
    guard count > 0 else { return false }
    var groups = [gid_t](repeating: 0, count: Int(count))
    let filled = unsafe getgroups(count, &groups)
    return groups.prefix(Int(max(filled, 0))).contains(group)
  }

  /// What the texts of one entry take: those of a group list its members.
  private static let entryBytes = 64 << 10
}
