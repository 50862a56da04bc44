// Lines into a pipe, a terminal or standard output.
import Bytes
import Glibc

/// A file that cannot be cut: what is out is out. Written without blocking, so that a journal on a stuck
/// pipe can still be closed.
struct StreamSink: ~Copyable, Sink {
  private let path: String
  private let descriptor: Descriptor
  private var endsInsideLine = false

  private init(path: String, descriptor: consuming Descriptor) {
    self.path = path
    self.descriptor = descriptor
  }

  static let standardOutput: ByteString = "/dev/stdout"

  static func open(_ path: String) throws(AuditError) -> StreamSink {
    do throws(AuditError) {
      return StreamSink(path: path, descriptor: Descriptor(owning: try LogFile.open(path, flags: 0)))
    } catch .nobodyReads where ByteString(path) == standardOutput {
      // Standard output is a socket, as under systemd, which cannot be opened a second time by name.
      let number = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0)
      guard number >= 0 else { throw .cannotOpen(path: path, code: errno) }
      return StreamSink(path: path, descriptor: Descriptor(owning: number))
    }
  }

  func prepare(isReopening: Bool) throws(AuditError) -> Beginning? { nil }

  mutating func append(_ block: borrowing Block, isAbandoned: () -> Bool) -> Attempt {
    if endsInsideLine {
      let newline = descriptor.write([UInt8(ascii: "\n")].span, isAbandoned: isAbandoned)
      if let code = newline.code { return .broken(keptLines: 0, .notWritten(code: code)) }
      endsInsideLine = false
    }
    let written = descriptor.write(block.bytes.span, isAbandoned: isAbandoned)
    guard let code = written.code else { return .whole(block.lineCount) }
    let whole = block.lineCount(within: written.bytes)
    endsInsideLine = written.bytes != block.byteCount(ofLines: whole)
    return .stuck(at: written.bytes, of: block, assuredLines: whole, .notWritten(code: code))
  }
}
