// Policies from disk: which files count, and what is said of a folder that cannot be read.
import Bytes
import Digests
import Foundation
import Support
import Testing

@testable import Policy

struct PolicyFolderTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  private func error() -> String {
    do throws(PolicyErrors) {
      _ = try PolicyFolder.load(folder.path, now: LoaderVectors.now)
      return ""
    } catch {
      return error.description.replacingOccurrences(of: folder.path, with: "FOLDER")
    }
  }

  @Test func `hcl and json files count, tests, hidden and other files do not`() throws {
    try folder.write("b.json", #"{"anonymous": {"policies": ["a"]}}"#)
    try folder.write("a.hcl", #"peering = "read""#)
    try folder.write("a.test.hcl", "not read here")
    try folder.write(".hidden.hcl", "not read")
    try folder.write("README.md", "not read")
    try FileManager.default.createDirectory(atPath: folder.path + "/sub", withIntermediateDirectories: false)
    let set = try PolicyFolder.load(folder.path, now: LoaderVectors.now)
    #expect(set.policies.map(\.name) == ["a"])
    #expect(set.anonymous.policies.map(\.name) == ["a"])
  }

  @Test func `one file may stand for a folder`() throws {
    let path = try folder.write("a.hcl", #"policy "x" { peering = "read" }"#)
    #expect(try PolicyFolder.load(path, now: LoaderVectors.now).policies.map(\.name) == ["x"])
  }

  @Test func `an empty folder is an error, since it would deny everything`() {
    #expect(error().hasPrefix("FOLDER: holds no policy file (*.hcl or *.json)"))
  }

  @Test func `a missing folder is named`() throws {
    let path = folder.path + "/missing"
    #expect(throws: PolicyErrors.self) { try PolicyFolder.load(path, now: LoaderVectors.now) }
    do throws(PolicyErrors) {
      _ = try PolicyFolder.load(path, now: LoaderVectors.now)
    } catch {
      #expect(error.description == "\(path): cannot be read: No such file or directory")
    }
  }

  @Test func `what is no regular file is refused, not waited for`() throws {
    let made = unsafe mkfifo(folder.path + "/a.hcl", 0o600)
    #expect(made == 0)
    #expect(error() == "FOLDER/a.hcl: is not a regular file, though its name says it holds policies")
  }

  @Test func `a dangling symbolic link is an error`() throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/a.hcl", withDestinationPath: folder.path + "/gone")
    #expect(error() == "FOLDER/a.hcl: cannot be read: No such file or directory")
  }

  @Test func `files are read through symbolic links, as Kubernetes mounts them`() throws {
    try FileManager.default.createDirectory(
      atPath: folder.path + "/..data", withIntermediateDirectories: false)
    try folder.write("..data/a.hcl", #"peering = "read""#)
    try FileManager.default.createSymbolicLink(
      atPath: folder.path + "/a.hcl", withDestinationPath: "..data/a.hcl")
    #expect(try PolicyFolder.load(folder.path, now: LoaderVectors.now).policies.map(\.name) == ["a"])
  }

  @Test func `a file over the limit is refused, one at it is read`() throws {
    let rule = #"peering = "read""# + "\n"
    let filling = String(repeating: "#", count: PolicyLimits.fileBytes - rule.utf8.count)
    try folder.write("a.hcl", rule + filling)
    #expect(try PolicyFolder.load(folder.path, now: LoaderVectors.now).policies.count == 1)
    try folder.write("a.hcl", rule + filling + "#")
    #expect(error() == "FOLDER/a.hcl: is longer than 16777216 bytes; split it into several files")
  }

  @Test func `every changed byte and every changed name changes the digest`() throws {
    func digest(_ files: [(String, String)]) -> String {
      PolicyFile.digest(
        of: files.map { PolicyFile(name: ByteString($0.0), path: "/x/\($0.0)", bytes: Array($0.1.utf8)) }
      )
      .hexadecimal
    }
    let base = digest([("a.hcl", "1"), ("b.hcl", "2")])
    #expect(digest([("b.hcl", "2"), ("a.hcl", "1")]) == base)
    for other in [
      digest([("a.hcl", "1"), ("b.hcl", "3")]), digest([("a.hcl", "1"), ("c.hcl", "2")]),
      digest([("a.hcl", "12")]), digest([("a.hcl", ""), ("b.hcl", "12")]), digest([]),
    ] { #expect(other != base) }
  }

  @Test func `the stamp changes when a file is written, added, replaced or removed, and only then`() throws {
    try folder.write("a.hcl", "1")
    var last = try PolicyFolder.stamp(folder.path)
    func changed() throws -> Bool {
      let stamp = try PolicyFolder.stamp(folder.path)
      defer { last = stamp }
      return stamp != last
    }
    #expect(try !changed())
    try folder.write("README.md", "no policy")
    #expect(try !changed())
    try folder.write("a.hcl", "12")
    #expect(try changed())
    try folder.write("b.hcl", "1")
    #expect(try changed())
    try folder.write("c", "2")
    let renamed = unsafe rename(folder.path + "/c", folder.path + "/b.hcl")
    #expect(renamed == 0)
    #expect(try changed())
    try FileManager.default.removeItem(atPath: folder.path + "/b.hcl")
    #expect(try changed())
    #expect(try !changed())
  }

  /// A file may be put there before it may be read, and be written with the length and the time that it had.
  @Test func `the stamp changes with permissions, and when length and time are kept`() throws {
    let path = try folder.write("a.hcl", "1")
    var last = try PolicyFolder.stamp(folder.path)
    func changed() throws -> Bool {
      let stamp = try PolicyFolder.stamp(folder.path)
      defer { last = stamp }
      return stamp != last
    }
    // Clocks of files are coarse: a change within the same tick shows in no time of theirs.
    func change(_ change: () -> Void) throws -> Bool {
      try eventually {
        change()
        return try changed()
      }
    }
    let permitted = try change { _ = unsafe chmod(path, 0o600) }
    #expect(permitted)
    var status = stat()
    #expect(unsafe stat(path, &status) == 0)
    let times = [status.st_atim, status.st_mtim]
    let rewritten = try change {
      let descriptor = unsafe open(path, O_WRONLY)
      defer { close(descriptor) }
      _ = unsafe write(descriptor, "2", 1)
      _ = unsafe futimens(descriptor, times)
    }
    #expect(rewritten)
    let now = try changed()
    #expect(!now)
  }

  @Test func `the digest of a set is that of its files`() throws {
    try folder.write("a.hcl", #"peering = "read""#)
    let first = try PolicyFolder.load(folder.path, now: LoaderVectors.now).digest
    #expect(try PolicyFolder.load(folder.path, now: LoaderVectors.now).digest == first)
    try folder.write("a.hcl", #"peering = "deny""#)
    #expect(try PolicyFolder.load(folder.path, now: LoaderVectors.now).digest != first)
  }
}
