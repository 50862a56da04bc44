// What the operator chose for the audit log.
package import Bytes

package struct JournalSettings: Sendable {
  package enum Requirement: Sendable {
    /// A record is kept when every required sink has it.
    case all
    /// A record is kept when one required sink has it.
    case any
  }

  package var sinks: [SinkSettings]
  package var requirement = Requirement.all
  /// Signs openings, checkpoints and closings; without it the chain can be checked but not attributed.
  package var key: AuditKey?
  /// Digests peering tokens; without it a gate makes one for its run.
  package var tokenDigestKey: TokenDigestKey?
  /// For opening records.
  package var gate = GateName.ofHost
  /// Of the policies in force at the start; later ones by `Journal.note(policyDigest:)`.
  package var policyDigest: String?
  /// Told what an operator should read in the log of the gate. Called on the threads of the sinks.
  package var notify: @Sendable (JournalNotice) -> Void = { _ in }

  package init(sinks: [SinkSettings]) { self.sinks = sinks }

  /// One file, FIFO or device such as `/dev/stdout`, with the guarantee `enforced`.
  package init(path: String) { self.init(sinks: [SinkSettings(.file(path))]) }
}

package struct SinkSettings: Sendable, Equatable {
  package enum Destination: Sendable, Equatable {
    /// A file, a FIFO, or a device such as `/dev/stdout`.
    case file(String)
    /// Lines over a connection, each with its newline.
    case socket(SocketAddress)
    /// RFC 5424 messages over a connection.
    case syslog(SocketAddress, SyslogHeader)

    package static func == (left: Destination, right: Destination) -> Bool {
      switch (left, right) {
      case (.file(let left), .file(let right)): ByteString(left) == ByteString(right)
      case (.socket(let left), .socket(let right)): left == right
      case (.syslog(let left, let header), .syslog(let right, let other)): left == right && header == other
      default: false
      }
    }
  }

  package enum Guarantee: String, Sendable, CaseIterable {
    /// Kept when the kernel has it.
    case enforced
    /// Kept when the disk has it. For files only.
    case durable
    /// Never waited for. What it could not keep is counted, and recorded as a gap.
    case bestEffort = "best-effort"

    package init?(named name: ByteString) {
      guard let guarantee = Self.allCases.first(where: { ByteString($0.rawValue) == name }) else {
        return nil
      }
      self = guarantee
    }
  }

  package var destination: Destination
  package var guarantee = Guarantee.enforced
  package var rotation = Rotation()
  /// Of files and their anchors.
  package var access = FileAccess()
  /// Where the state of a file is noted.
  package var anchors: [AnchorSettings] = []
  /// Lines that may wait for the sink; at least one batch's worth.
  package var waitingLines = AuditLimits.waitingLines
  /// Bytes that may wait for the sink.
  package var waitingBytes = AuditLimits.waitingBytes

  package init(_ destination: Destination) { self.destination = destination }
}
