// Where one run of the benchmarks keeps configurations, keys and logs; gone afterwards unless it is asked for.

import Foundation
import Glibc

final class ScratchFolder: Sendable {
  let path: String
  private let isKept: Bool

  /// `kept` names a folder that stays; nil makes one that goes.
  init(kept: String? = nil) throws {
    isKept = kept != nil
    if let kept {
      try Files.makeFolder(kept)
      path =
        unsafe realpath(kept, nil).map { name in
          defer { unsafe free(name) }
          return unsafe String(cString: name)
        } ?? kept
      return
    }
    let parent = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    path = "\(parent)/peergate-benchmarks-\(getpid())"
    try Files.makeFolder(path)
    // A worker that has dropped its rights must still find its way through.
    unsafe chmod(path, 0o755)
    Children.forget(folder: path)
  }

  deinit { remove() }

  func remove() { if !isKept { Self.remove(path) } }

  func folder(_ name: String) throws -> String {
    try Files.makeFolder("\(path)/\(name)")
    return "\(path)/\(name)"
  }

  /// What is in it by that name, unless it is to be kept: a busy gate writes gigabytes of records.
  func discard(_ name: String) { if !isKept { Self.remove("\(path)/\(name)") } }

  static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }
}
