// Who may write to a log, who may read it, and what is said of either.
import Bytes
import Foundation
import Testing

@testable import Audit

struct ExposureTests {
  /// Not the gate's, and of no name.
  private static let stranger: UInt32 = 54_321
  private static let isRoot = geteuid() == 0

  private func permissions(_ path: String) throws -> UInt32 { try #require(FileStatus(of: path)).permissions }

  private func openError(_ settings: JournalSettings) -> AuditError? {
    do throws(AuditError) {
      _ = try Journal.open(settings).close(withinMilliseconds: patience)
      return nil
    } catch {
      return error
    }
  }

  private func exposure(_ error: AuditError?) -> Exposure? {
    if case .exposed(let exposure)? = error { exposure } else { nil }
  }

  @Test func `a file belongs to the gate's user, or to root`() throws {
    let scratch = try Scratch()
    let path = scratch.path("audit.log")
    _ = try #require(try? Data().write(to: URL(filePath: path)))
    let status = try #require(FileStatus(of: path))
    #expect(Exposure(.file, path, status, gate: geteuid()) == nil)
    let foreign = Exposure(.file, path, status, gate: Self.stranger)
    if Self.isRoot {
      #expect(foreign == nil)
    } else {
      #expect(foreign?.kind == .owned(by: geteuid(), gate: Self.stranger))
    }
  }

  @Test(.enabled(if: isRoot, "only root can give files away"), arguments: [Exposure.Place.file, .folder])
  func `a foreign owner of the file or its folder is refused, and told by name`(_ place: Exposure.Place)
    throws
  {
    let scratch = try Scratch()
    let path = scratch.path("audit.log")
    _ = try #require(try? Data().write(to: URL(filePath: path)))
    let exposed = place == .file ? path : scratch.directory
    try #require(unsafe chown(exposed, Self.stranger, 0) == 0)
    let found = exposure(openError(JournalSettings(path: path)))
    #expect(found?.kind == .owned(by: Self.stranger, gate: 0))
    #expect(found?.place == place && found?.path == exposed)
    let text = found.map { "\($0)" } ?? ""
    #expect(text.contains("belongs to uid 54321") && text.contains("runs as root (uid 0)"))
    #expect(text.contains(exposed) && text.contains("chown"))
    #expect(try Data(contentsOf: URL(filePath: path)).isEmpty, "nothing is written to it")
    // Once it is mended, it is written.
    try #require(unsafe chown(exposed, 0, 0) == 0)
    #expect(openError(JournalSettings(path: path)) == nil)
  }

  @Test func `a file that anybody may write to is refused`() throws {
    let scratch = try Scratch()
    let path = scratch.path("audit.log")
    _ = try #require(try? Data().write(to: URL(filePath: path)))
    try #require(unsafe chmod(path, 0o602) == 0)
    let found = exposure(openError(JournalSettings(path: path)))
    #expect(found?.kind == .writableByAnybody && found?.place == .file)
    try #require(unsafe chmod(path, 0o604) == 0)
    #expect(openError(JournalSettings(path: path)) == nil)
  }

  @Test(arguments: [0o777, 0o703, 0o1777] as [mode_t])
  func `a folder that anybody may write to is refused, sticky or not, and nothing is made in it`(
    _ mode: mode_t
  ) throws {
    let scratch = try Scratch()
    try #require(unsafe chmod(scratch.directory, mode) == 0)
    let found = exposure(openError(JournalSettings(path: scratch.path("audit.log"))))
    #expect(found?.kind == .writableByAnybody && found?.place == .folder)
    #expect(found?.description.contains("chmod o-w") ?? false)
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.directory).isEmpty)
  }

  @Test(
    .enabled(if: isRoot, "only root can give files away"),
    arguments: [(Exposure.Place.file, 0o660 as mode_t), (.folder, 0o770)])
  func `a group that may write is warned of, but for root's`(_ place: Exposure.Place, _ mode: mode_t) throws {
    let scratch = try Scratch()
    let path = scratch.path("audit.log")
    _ = try #require(try? Data().write(to: URL(filePath: path)))
    let exposed = place == .file ? path : scratch.directory
    try #require(unsafe chmod(exposed, mode) == 0)
    for (group, isWarned) in [(Self.stranger, true), (0, false)] {
      try #require(unsafe chown(exposed, 0, group) == 0 && chmod(exposed, mode) == 0)
      let notices = Notices()
      var settings = JournalSettings(path: path)
      settings.notify = { notices.add($0) }
      #expect(openError(settings) == nil)
      let warnings = notices.all.filter(\.isWarning)
      #expect(warnings.map(\.event) == (isWarned ? [.writableByGroup(place)] : []))
      #expect(warnings.allSatisfy { "\($0)".contains("chmod g-w") && !$0.isProblem })
    }
  }

  @Test func `a file that others put in the place of one that was moved is not written to`() throws {
    let scratch = try Scratch()
    let path = scratch.path("audit.log")
    let journal = try Journal.open(JournalSettings(path: path))
    let fates = Fates()
    try journal.submit(sampleBatch("before"), completion: fates.completion)
    #expect(fates.wait(for: 1)?.last?.isKept == true)
    try #require(unsafe rename(path, path + ".moved") == 0)
    _ = try #require(try? Data().write(to: URL(filePath: path)))
    try #require(unsafe chmod(path, 0o666) == 0)
    try journal.submit(sampleBatch("after"), completion: fates.completion)
    #expect(exposure(fates.wait(for: 2)?.last?.error)?.kind == .writableByAnybody)
    try #require(unsafe unlink(path) == 0)
    try journal.submit(sampleBatch("later"), completion: fates.completion)
    #expect(fates.wait(for: 3)?.last?.isKept == true)
    #expect(journal.close(withinMilliseconds: patience) == 0)
  }
}

struct FileAccessTests {
  @Test(arguments: ["0600", "600", "0640", "0644", "0604"])
  func `modes that let others read at most`(_ text: String) throws {
    #expect(FileAccess.mode(.init(text)) == UInt32(text, radix: 8))
  }

  @Test(
    arguments: [
      "", "06", "06400", "0o640", "640 ", "rw-r-----", "0648", "0400", "0200", "0660", "0642", "0700", "0641",
      "4600", "1640", "-640", "+640",
    ])
  func `no other texts`(_ text: String) { #expect(FileAccess.mode(.init(text)) == nil) }

  @Test func `groups by name, and by number where there is no such name`() {
    #expect(Accounts.group("root")?.id == 0)
    #expect(Accounts.group("54321") == FileAccess.Group(id: 54_321, name: "54321"))
    for name in ["no-such-group", "", "-1", "4294967295", "99999999999"] {
      #expect(Accounts.group(.init(name)) == nil)
    }
  }

  @Test(arguments: [0o600, 0o640, 0o644] as [UInt32])
  func `every new file has them: the first, the next ones and that of anchors`(_ mode: UInt32) throws {
    let scratch = try Scratch()
    var settings = JournalSettings(path: scratch.path("audit.log"))
    settings.sinks[0].rotation.bytes = 5_000
    settings.sinks[0].access.mode = mode
    settings.sinks[0].anchors = [AnchorSettings(.file(scratch.path("anchors")), seconds: 3_600)]
    let group = geteuid() == 0 ? 54_321 : getegid()
    settings.sinks[0].access.group = FileAccess.Group(id: group, name: "readers")
    let journal = try Journal.open(settings)
    let fates = Fates()
    for index in 0..<12 {
      try journal.submit(sampleBatch("\(index)"), completion: fates.completion)
      _ = fates.wait(for: index + 1)
    }
    #expect(journal.close(withinMilliseconds: patience) == 0)
    let names = try FileManager.default.contentsOfDirectory(atPath: scratch.directory)
    #expect(names.count > 3 && names.contains("anchors"))
    for name in names {
      let status = try #require(FileStatus(of: scratch.path(name)))
      #expect(status.permissions == mode && status.group == group, "\(name)")
    }
  }

  @Test func `a group is meant to read; what is there already keeps what it has`() throws {
    let scratch = try Scratch()
    var settings = JournalSettings(path: scratch.path("audit.log"))
    settings.sinks[0].access.group = FileAccess.Group(id: getegid(), name: "ours")
    #expect(try Journal.open(settings).close(withinMilliseconds: patience) == 0)
    #expect(try #require(FileStatus(of: scratch.path("audit.log"))).permissions == 0o640)
    settings.sinks[0].access.mode = 0o644
    #expect(try Journal.open(settings).close(withinMilliseconds: patience) == 0)
    #expect(try #require(FileStatus(of: scratch.path("audit.log"))).permissions == 0o640)
  }

  @Test func `nothing is asked for: the owner alone`() throws {
    let scratch = try Scratch()
    let journal = try Journal.open(JournalSettings(path: scratch.path("audit.log")))
    #expect(journal.close(withinMilliseconds: patience) == 0)
    #expect(try #require(FileStatus(of: scratch.path("audit.log"))).permissions == 0o600)
  }
}
