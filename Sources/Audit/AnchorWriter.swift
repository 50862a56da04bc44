// Where the log stands, noted at intervals where whoever can write the log cannot.
import Bytes
import Digests
import Glibc

/// Appends a number and the link behind it to a file, as `peergate audit anchor` prints them. On a thread of its own: a
/// file on another machine may take its time, and no record waits for an anchor.
final class AnchorWriter: Sendable {
  private struct State: Sendable {
    var wanted: Chain?
    var isWriting = false
    var isClosing = false
  }

  private let path: String
  private let access: FileAccess
  private let monitor = Monitor(State())
  private let notify: @Sendable (JournalNotice.Event) -> Void

  init(
    _ path: String, _ access: FileAccess, notify: @escaping @Sendable (JournalNotice.Event) -> Void
  ) throws(AuditError) {
    self.path = path
    self.access = access
    self.notify = notify
    try JournalThread.start(name: "anchor") { self.run() }
  }

  /// Notes this one as soon as the last is written; one that has not been begun by then gives way to it.
  func note(_ chain: Chain) {
    monitor.withLock { $0.wanted = chain }
    monitor.wake()
  }

  /// Waits a moment for what is still to be noted.
  func finish() {
    monitor.withLock { $0.isClosing = true }
    monitor.wake()
    let deadline = MonotonicTime.now().advanced(byMilliseconds: AuditLimits.lastAnchorMilliseconds)
    _ = monitor.wait(until: deadline) { $0.wanted == nil && !$0.isWriting ? true : nil }
  }

  private func run() {
    var hasFailed = false
    while let chain = next() {
      let failure = append("\(chain.last) \(chain.link.hexadecimal)\n")
      // Once, until it works again.
      if let failure, !hasFailed { notify(.anchorFailed(failure)) }
      hasFailed = failure != nil
      monitor.withLock { $0.isWriting = false }
      monitor.wake()
    }
  }

  private func next() -> Chain? {
    let taken: Chain?? = monitor.wait(until: nil) { state in
      if let wanted = state.wanted {
        state.wanted = nil
        state.isWriting = true
        return .some(wanted)
      }
      return state.isClosing ? .some(nil) : nil
    }
    return taken ?? nil
  }

  /// Opened each time: the file may be moved away, and its folder come and go.
  private func append(_ line: String) -> AuditError? {
    do throws(AuditError) {
      let file = Descriptor(owning: try LogFile.open(path, flags: O_CREAT))
      let isNew = file.status()?.size == 0
      let written = file.write(Array(line.utf8).span) { false }
      if let code = written.code { return .notWritten(code: code) }
      _ = file.sync()
      // A file system of another machine's may refuse it; the anchor is there all the same.
      if isNew { try? access.apply(to: file, at: path) }
      return nil
    } catch {
      return error
    }
  }
}

/// When and where anchors go.
package struct AnchorSettings: Sendable, Equatable {
  package var path: String
  package var seconds: Int

  package init(path: String, seconds: Int) {
    self.path = path
    self.seconds = seconds
  }

  package static func == (left: Self, right: Self) -> Bool {
    ByteString(left.path) == ByteString(right.path) && left.seconds == right.seconds
  }
}
