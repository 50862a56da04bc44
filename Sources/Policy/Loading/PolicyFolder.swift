// The policies of a folder, from disk.

package enum PolicyFolder {
  /// All `*.hcl` and `*.json` files of the folder (not its subfolders, not `*.test.hcl`, not names that begin
  /// with a dot), or the one file that `path` names. Blocks on the disk.
  package static func load(_ path: String, now: Timestamp) throws(PolicyErrors) -> PolicySet {
    try PolicyLoader.load(
      try files(path), overlooked: FolderReader.paths(in: path, where: PolicyFile.isOverlooked), now: now)
  }

  /// Which files there are and when each was last written, without reading them: for anyone who watches a folder
  /// and loads it when the stamp has become another. It costs a few system calls for each file.
  package static func stamp(_ path: String) throws(FolderError) -> FolderStamp {
    FolderStamp(entries: try FolderReader.snapshot(path, where: PolicyFile.isPolicy))
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

/// Equal as long as nobody touched the policy files of a folder.
package struct FolderStamp: Sendable, Equatable {
  fileprivate let entries: [FolderReader.Entry]
}
