// A folder of a test's own, gone with the test.

import Foundation

package final class ScratchFolder: Sendable {
  package let path: String

  package init() throws {
    let made = FileManager.default.temporaryDirectory.appending(path: "peergate-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: made, withIntermediateDirectories: false)
    path = made.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file and returns its path.
  @discardableResult
  package func write(_ name: String, _ text: String, permissions: Int = 0o600) throws -> String {
    let file = path + "/" + name
    try Data(text.utf8).write(to: URL(filePath: file))
    try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: file)
    return file
  }
}
