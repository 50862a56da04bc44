// A log file that is written at its end and nowhere else.
import CLinux
import Digests
import Glibc

/// Lines in a regular file: 0600, append only, locked, never with half a line in the middle.
///
/// The file is looked up by name before each write and looked at after it. A file that was renamed keeps
/// the lines it has and the next go to a new one; a file that was deleted takes the lines down with it,
/// so they are written again to a new one before anybody is told that they are kept.
struct FileSink: ~Copyable, Sink {
  let path: String
  let rotation: Rotation
  private let access: FileAccess
  /// Whether lines must reach the disk before they count as kept.
  private let isDurable: Bool
  private var descriptor: Descriptor
  private var identity: FileStatus.Identity
  /// Bytes in the file as far as we wrote them or found them.
  private var size: Int
  /// When the first line of the file was written, or the file was found, if that is not known.
  private var birth: WallTime
  private var endsInsideLine: Bool
  private var rotated: RotatedFiles
  /// Rotated files to be deleted.
  private var pruned: [RotatedFile] = []
  /// Where the log stood before the first line of the file; nil where this run did not write all of it.
  private var beginning: Chain?
  /// Where it stands behind the last line.
  private var ending: Chain?
  /// Up to where blocks were set aside, or asked for.
  private var blocksEnd = 0
  /// What stood at the end of the file when it was opened.
  let tail: LogTail
  /// Where the members of a group could write when it was opened.
  let placesOfGroup: [Exposure.Place]

  private init(
    path: String, rotation: Rotation, access: FileAccess, isDurable: Bool, descriptor: consuming Descriptor,
    status: FileStatus, tail: LogTail, key: VerifyingKey?
  ) {
    self.access = access
    placesOfGroup = LogFile.placesOfGroup(path, descriptor)
    self.path = path
    self.rotation = rotation
    self.isDurable = isDurable
    self.descriptor = descriptor
    self.tail = tail
    rotated = RotatedFiles(of: path, key: key)
    endsInsideLine = tail.endsInsideLine
    identity = status.identity
    size = status.size
    birth = LogName.birth(of: path) ?? .now()
  }

  /// Opens `path` and finds where its log stands. A missing file continues the log of the newest file that
  /// was rotated away from it, so that one chain runs through all of them.
  static func open(
    _ path: String, rotation: Rotation, access: FileAccess = FileAccess(), isDurable: Bool,
    key: VerifyingKey? = nil
  ) throws(AuditError) -> FileSink {
    try access.check(for: path)
    let isMissing = FileStatus(of: path) == nil
    let descriptor = try finishRotation(of: path, try LogFile.open(path, access), access)
    guard let status = descriptor.status() else { throw .cannotOpen(path: path, code: errno) }
    // The name of a new file must reach the disk as its lines do.
    if isDurable { LogFile.syncDirectory(of: path) }
    var tail = try LogTail.read(path, key: key)
    if tail.found == nil, let before = try RotatedFiles.newest(of: path, key: key) {
      (tail.chain, tail.found) = (before.chain, before.found)
      // A kill in the middle of a rotation leaves the file that ended, or the next one.
      tail.found?.nextIsMissing = isMissing && before.found?.endsWithRotation == true
    }
    return FileSink(
      path: path, rotation: rotation, access: access, isDurable: isDurable, descriptor: descriptor,
      status: status, tail: tail, key: key)
  }

  /// A kill between the link and the rename of a rotation leaves a file with the live name and its next one. What is
  /// left to do is the rename: going on in that file would bring its lines to collectors twice.
  private static func finishRotation(
    of path: String, _ descriptor: consuming Descriptor, _ access: FileAccess
  ) throws(AuditError) -> Descriptor {
    guard let status = descriptor.status(), status.names > 1,
      LogName.allRotated(from: path).contains(where: { FileStatus(of: $0)?.identity == status.identity })
    else { return descriptor }
    let next = try LogFile.openNext(to: path, access)
    guard unsafe rename(path + LogName.nextSuffix, path) == 0 else {
      throw .cannotRotate(path: path, code: errno)
    }
    return next
  }

  mutating func prepare(isReopening: Bool) throws(AuditError) -> Beginning? {
    if let found = FileStatus(of: path) {
      if found.identity == identity {
        defer { size = found.size }
        guard found.size < size else { return nil }
        (blocksEnd, beginning) = (0, nil)
        return Beginning(cause: .truncated)
      }
    } else if errno != ENOENT {
      // Only a name that is not there says that the file has moved; the one that is open takes lines all the same.
      return nil
    }
    let isRemoved = descriptor.status().map { $0.names == 0 } ?? true
    return try begin(isRemoved ? .removed : .reopened)
  }

  /// Goes over to whatever `path` names now, or to a new file.
  private mutating func begin(_ cause: Beginning.Cause) throws(AuditError) -> Beginning {
    let descriptor = try LogFile.open(path, access)
    guard let status = descriptor.status() else { throw .cannotOpen(path: path, code: errno) }
    if isDurable { LogFile.syncDirectory(of: path) }
    let tail = try LogTail.read(path)
    self.descriptor = descriptor
    identity = status.identity
    size = status.size
    (beginning, ending) = (nil, nil)
    blocksEnd = 0
    birth = .now()
    endsInsideLine = tail.endsInsideLine
    return Beginning(cause: cause, torn: tail.torn)
  }

  func isRotationDue(before bytes: Int, at now: WallTime) -> Bool {
    guard size > 0 else { return false }
    return size + bytes > rotation.bytes
      || now.microseconds - birth.microseconds >= Int64(rotation.seconds) * 1_000_000
  }

  mutating func rotate(at now: WallTime) throws(AuditError) -> Beginning {
    let rotated = LogName.rotated(from: path, at: now)
    // The next file exists, is ours and is locked before it takes the name of the old one, which by then
    // has a second name: whatever fails on the way, there is a file of that name to write to. A link, not a
    // rename, since that would overwrite an older file when the clock was set back.
    let next = path + LogName.nextSuffix
    let descriptor = try LogFile.openNext(to: path, access)
    guard let status = descriptor.status() else { throw .cannotRotate(path: path, code: errno) }
    let names = nameCount
    guard unsafe link(path, rotated) == 0 else {
      let code = errno
      unsafe unlink(next)
      throw .cannotRotate(path: path, code: code)
    }
    guard unsafe rename(next, path) == 0 else {
      let code = errno
      if nameCount > 1 { unsafe unlink(rotated) }
      throw .cannotRotate(path: path, code: code)
    }
    // Somebody renamed it between the two: then it has a name already, and anyone who collects files must not find its
    // lines under both.
    let isMoved = nameCount > names
    if isMoved { unsafe unlink(rotated) }
    if !isMoved, let beginning, let ending, let old = self.descriptor.status() {
      self.rotated.add(RotatedFile(rotated, old, from: beginning, to: ending, at: now))
    }
    let due = self.rotated.due(
      keeping: rotation.files, age: rotation.keptSeconds, before: isMoved ? beginning : ending, at: now)
    self.descriptor = descriptor
    identity = status.identity
    size = 0
    (beginning, ending) = (nil, nil)
    blocksEnd = 0
    birth = now
    endsInsideLine = false
    if isDurable { LogFile.syncDirectory(of: path) }
    pruned = due.files
    return Beginning(
      cause: .rotation, pruned: due.records, strangers: due.strangers,
      movedTo: isMoved ? nil : rotated)
  }

  mutating func append(_ block: borrowing Block, isAbandoned: () -> Bool) -> Attempt {
    if size == 0 { beginning = block.chain(afterLines: 0) }
    if endsInsideLine {
      // Together with the block: a newline by itself, and then a crash, would leave a whole line that is no record.
      return closeOff([UInt8(ascii: "\n")] + block.bytes, with: block, isAbandoned: isAbandoned)
    }
    setBlocksAside(for: block.bytes.count)
    let written = descriptor.write(block.bytes.span, isAbandoned: isAbandoned)
    if let code = written.code { return recover(from: written.bytes, of: block, code: code) }
    return conclude(written.bytes, of: block)
  }

  /// Writes a newline behind the unfinished line at the file's end, and the block.
  private mutating func closeOff(
    _ bytes: [UInt8], with block: borrowing Block, isAbandoned: () -> Bool
  ) -> Attempt {
    let written = descriptor.write(bytes.span, isAbandoned: isAbandoned)
    guard let code = written.code else {
      endsInsideLine = false
      size += 1
      return conclude(written.bytes - 1, of: block)
    }
    // All of it is taken back, if it can be, so that no line is whole that is none.
    if written.bytes == 0 || cut(written.bytes) { return .broken(keptLines: 0, .notWritten(code: code)) }
    endsInsideLine = false
    size += 1
    return recover(from: written.bytes - 1, of: block, code: code)
  }

  private mutating func conclude(_ written: Int, of block: borrowing Block) -> Attempt {
    if isDurable, let code = descriptor.sync() { return recover(from: written, of: block, code: code) }
    // Gone only if it says so itself: lines that are in it must not be written a second time.
    if let status = descriptor.status(), status.names == 0 { return .vanished(.removed(path: path)) }
    size += written
    ending = block.chain
    // The record of it went with the first block of the file.
    for old in pruned where FileStatus(of: old.path)?.identity == old.identity { unsafe unlink(old.path) }
    pruned = []
    return .whole(block.lineCount)
  }

  /// Asks once for every so many bytes, whatever comes of it. Never beyond the file's end to be, so that one that is
  /// rotated for its size leaves nothing over; what another leaves, the next run goes on with.
  private mutating func setBlocksAside(for bytes: Int) {
    guard size + bytes > blocksEnd else { return }
    blocksEnd = size + bytes + AuditLimits.bytesAhead
    let length = min(blocksEnd, rotation.bytes) - size
    guard length > 0 else { return }
    clinux_set_blocks_aside(descriptor.number, Int64(size), Int64(length), Int64(AuditLimits.bytesFree))
  }

  /// How many names the open file has. One that cannot be asked has no spare one.
  private var nameCount: Int { descriptor.status()?.names ?? 1 }

  mutating func end() { flock(descriptor.number, LOCK_UN) }

  /// After a write that broke off: cuts the file back to the last boundary that got in whole.
  private mutating func recover(from written: Int, of block: borrowing Block, code: Int32) -> Attempt {
    let whole = block.lineCount(within: written)
    // What the kernel could not store it may forget, and the next fdatasync would not say so; what was not synced at
    // all is with nobody but the kernel. Nothing of the block counts.
    let kept = isDurable ? 0 : block.boundaries.last { $0 <= whole } ?? 0
    let keptBytes = block.byteCount(ofLines: kept)
    if written == keptBytes || cut(written - keptBytes) {
      size += keptBytes
      return .broken(keptLines: kept, .notWritten(code: code))
    }
    size += written
    endsInsideLine = written != block.byteCount(ofLines: whole)
    return .stuck(at: written, of: block, assuredLines: isDurable ? 0 : whole, .notWritten(code: code))
  }

  /// Shortens the file by `count` bytes. The lock makes its end ours, but for anyone who ignores locks;
  /// against those nothing can be done here, and the chain will show it.
  private func cut(_ count: Int) -> Bool {
    guard let status = descriptor.status(), status.size >= count else { return false }
    var result: Int32
    repeat {
      result = ftruncate(descriptor.number, status.size - count)
    } while result != 0 && errno == EINTR
    return result == 0
  }
}

/// When a file has had enough.
package struct Rotation: Sendable, Equatable {
  /// A file ends before the write that would make it longer than this.
  package var bytes = Int.max
  /// A file ends when its first line is this old.
  package var seconds = Int(Int32.max)
  /// Rotated files that are kept besides the live one; older ones are deleted.
  package var files = Int.max
  /// None is deleted before it is so old, however many there are.
  package var keptSeconds = 0

  package init() {}
}
