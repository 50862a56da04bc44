// The policies of a folder, from disk.

package enum PolicyFolder {
  /// All `*.hcl` and `*.json` files of the folder (not its subfolders, not `*.test.hcl`, not names that begin
  /// with a dot), or the one file that `path` names. Blocks on the disk.
  package static func load(_ path: String, now: Timestamp) throws(PolicyErrors) -> PolicySet {
    try PolicyLoader.load(try files(path), now: now)
  }

  /// The policy tests beside the policies; empty if there are none.
  package static func tests(_ path: String) throws(PolicyErrors) -> [PolicyFile] {
    do throws(FolderError) {
      return try FolderReader.read(path, where: PolicyFile.isTest)
    } catch {
      throw .unreadable(error)
    }
  }

  private static func files(_ path: String) throws(PolicyErrors) -> [PolicyFile] {
    do throws(FolderError) {
      let files = try FolderReader.read(path, where: PolicyFile.isPolicy)
      if files.isEmpty { throw FolderError.noPolicies(path: path) }
      return files
    } catch {
      throw .unreadable(error)
    }
  }
}
