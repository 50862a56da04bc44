// The files of one log, in the order of their lines.
import Bytes
import Digests
import Glibc

struct LogInputs {
  /// One of them. A file is opened anew for each reading; what cannot be read twice stays open.
  struct Input {
    let name: String
    let isFile: Bool
    /// Of the extract that it is, and not of a log.
    let extractFormat: Int?
    let identity: FileStatus.Identity?
    fileprivate let first: UInt64
    fileprivate let source: LogSource?

    func open() throws(VerificationError) -> LogSource {
      if let source { return source }
      let source = try LogSource.open(name)
      guard source.identity == identity else { throw .keepsMoving(path: name) }
      return source
    }
  }

  let inOrder: [Input]

  init(_ names: [String]) throws(VerificationError) {
    var inputs: [Input] = []
    for name in names {
      let source = try LogSource.open(name)
      let (identity, isFile) = (source.identity, source.isFile)
      // Two names of one file, or one name twice.
      if let identity, inputs.contains(where: { $0.identity == identity }) { continue }
      var first = UInt64.max
      var extractFormat: Int?
      try source.peek { line in
        if case .header(let format)? = ExtractLine(line) {
          extractFormat = format
          return false
        }
        guard let parsed = LogLine(line) else { return true }
        first = parsed.sequence
        return false
      }
      inputs.append(
        Input(
          name: name, isFile: isFile, extractFormat: extractFormat, identity: identity, first: first,
          source: isFile ? nil : source))
    }
    // Stable, so that files nothing is known of stay as they were given.
    inOrder = inputs.enumerated()
      .sorted { ($0.element.first, $0.offset) < ($1.element.first, $1.offset) }
      .map(\.element)
  }

  /// A file beside those that were given that follows upon this line and is none of them.
  func neighbour(following line: Verifier.Seen) -> String? {
    var folders: [ByteString] = []
    for input in inOrder where input.isFile && !input.name.utf8.elementsEqual("-".utf8) {
      let folder = ByteString(Self.folder(of: input.name))
      if !folders.contains(folder) { folders.append(folder) }
    }
    for folder in folders {
      for path in Self.files(in: folder.string) {
        guard let source = try? LogSource.open(path), source.isFile,
          !inOrder.contains(where: { $0.identity == source.identity })
        else { continue }
        var first: LogLine?
        try? source.peek { line in
          first = LogLine(line)
          return false
        }
        if let first, first.sequence == line.sequence + 1, first.previous == line.digest { return path }
      }
    }
    return nil
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "./" }
    return String(path[...slash])
  }

  private static func files(in folder: String) -> [String] {
    guard let directory = unsafe opendir(folder) else { return [] }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while names.count < AuditLimits.neighboursLookedAt, let entry = unsafe readdir(directory) {
      guard unsafe entry.pointee.d_type == DT_REG else { continue }
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      names.append(folder + name)
    }
    return names
  }
}
