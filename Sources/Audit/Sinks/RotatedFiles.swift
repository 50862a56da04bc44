// The rotated files of a log, and which of them may go.
import Bytes
import Digests

/// Ordered by the numbers and links of their lines. A name only says what a clock said, and anybody who can write the
/// folder can choose one: a file counts if the next one follows upon it, and nothing else pushes any out.
struct RotatedFiles: Sendable {
  private let path: String
  private var known: [ByteString: RotatedFile] = [:]
  private var told: Set<ByteString> = []
  private var deleted = PrunedLines()
  private let key: VerifyingKey?

  init(of path: String, key: VerifyingKey? = nil) {
    self.path = path
    self.key = key
  }

  /// The live file has ended, and this run wrote all of it.
  mutating func add(_ file: RotatedFile) { known[ByteString(file.path)] = file }

  struct Due {
    /// Oldest first.
    var files: [RotatedFile] = []
    /// As the log names them.
    var records: [PrunedFile] = []
    /// Names of rotated files on what is none, or is not as a gate left it. Each is told once.
    var strangers: [String] = []
  }

  /// The oldest files beyond `count`, but for those that ended less than `age` seconds ago.
  ///
  /// - Parameter live: where the log stands that they come before.
  mutating func due(keeping count: Int, age: Int, before live: Chain?, at now: WallTime) -> Due {
    var due = Due()
    guard count < .max, let live else { return due }
    refresh(&due)
    var rest = Array(known.values)
    let ordered = Self.take(from: &rest, before: live)
    for stranger in rest { tell(stranger.path, &due) }
    for var file in ordered.dropFirst(count).reversed() {
      if age > 0 {
        guard let ended = file.endedAt,
          now.microseconds - ended.microseconds >= Int64(age) * 1_000_000
        else { continue }
      }
      if file.checksOut() {
        deleted.add(file.first...file.end.last, head: nil)
        let from = deleted.ranges.first { $0.contains(file.first) }?.lowerBound ?? file.first
        due.records.append(PrunedFile(file, deletedFrom: from))
        due.files.append(file)
        known[ByteString(file.path)] = nil
      } else {
        tell(file.path, &due)
      }
    }
    return due
  }

  /// Newest first: what `beginning` follows upon, what that follows upon, and so on. Where one is gone, with the highest
  /// numbers below. What has the numbers of another is none of them, and stays in `rest`.
  private static func take(from rest: inout [RotatedFile], before beginning: Chain) -> [RotatedFile] {
    var ordered: [RotatedFile] = []
    var beginning = beginning
    while beginning.last > 0 {
      let next =
        rest.firstIndex { $0.isBefore(beginning) }
        ?? rest.indices.filter { rest[$0].end.last < beginning.last }.max {
          rest[$0].end.last < rest[$1].end.last
        }
      guard let next else { break }
      ordered.append(rest.remove(at: next))
      beginning = ordered[ordered.count - 1].beginning
    }
    return ordered
  }

  /// Reads the ends of files that are new here.
  private mutating func refresh(_ due: inout Due) {
    let paths = LogName.allRotated(from: path)
    let present = Set(paths.map { ByteString($0) })
    known = known.filter { present.contains($0.key) }
    for path in paths {
      if let file = known[ByteString(path)], let status = FileStatus(of: path),
        status.identity == file.identity, status.size == file.size
      {
        continue
      }
      guard let file = RotatedFile(path, key: key) else {
        known[ByteString(path)] = nil
        tell(path, &due)
        continue
      }
      known[ByteString(path)] = file
      for range in file.deleted { deleted.add(range, head: nil) }
    }
  }

  private mutating func tell(_ path: String, _ due: inout Due) {
    guard told.count < AuditLimits.strangersTold, told.insert(ByteString(path)).inserted else { return }
    due.strangers.append(path)
  }

  /// With which line the newest of them ends, for a log whose live file is gone: signed by `key`, if there is such a one.
  static func newest(of path: String, key: VerifyingKey?) throws(AuditError) -> LogTail? {
    let files = LogName.allRotated(from: path).compactMap { RotatedFile.firstNumber(of: $0) }
      .sorted { $0.number > $1.number }
    var newest: LogTail?
    for file in files {
      let tail: LogTail
      do throws(AuditError) {
        tail = try LogTail.read(file.path, key: key)
      } catch .notAuditLog {
        continue
      } catch .cannotOpen {
        continue
      }
      guard let found = tail.found else { continue }
      if key == nil { return tail }
      if case .upTo = found.signed { return tail }
      newest = newest ?? tail
    }
    return newest
  }
}
