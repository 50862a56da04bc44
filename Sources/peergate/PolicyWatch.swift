// Whether policy files have changed since somebody last looked.

import Bytes
import Policy

struct PolicyWatch {
  private let folders: [String]
  private var stamps: [FolderStamp?]

  init(_ folders: [String]) {
    self.folders = folders
    stamps = folders.map { try? PolicyFolder.stamp($0) }
  }

  func isOf(_ folders: [String]) -> Bool {
    self.folders.map { ByteString($0) } == folders.map { ByteString($0) }
  }

  /// A folder that cannot be read counts as changed once, so that its loader says what is wrong.
  mutating func hasChanged() -> Bool {
    let found = folders.map { try? PolicyFolder.stamp($0) }
    defer { stamps = found }
    return found != stamps
  }
}
