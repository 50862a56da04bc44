// What a start would stumble over although the configuration is valid.

internal import Audit
internal import Sockets

/// For anyone who asks without starting. A reload asks none of it: a revocation must not wait for the folder of a log.
package enum StartCheck {
  /// Each in one sentence. Blocks for name resolution of the listener.
  package static func faults(of settings: Settings) -> [String] {
    var faults: [String] = []
    do throws(SocketError) {
      _ = try Resolver.resolveBlocking(settings.listener)
    } catch {
      faults.append("\(GateError.listen(settings.listener, error))")
    }
    for sink in settings.audit.sinks {
      if case .file(let path) = sink.destination { faults += fault(of: path, "audit log").map { [$0] } ?? [] }
      for anchor in sink.anchors {
        guard case .file(let path) = anchor.destination else { continue }
        faults += fault(of: path, "anchor file").map { [$0] } ?? []
      }
    }
    return faults
  }

  private static func fault(of path: String, _ what: String) -> String? {
    if TextFile.isFolder(path) { return "\(path): the \(what) is a directory" }
    let folder = TextFile.folder(of: path)
    if folder.utf8.isEmpty || TextFile.isFolder(folder) { return nil }
    return "\(path): the folder of the \(what) does not exist"
  }
}
