// peergate audit: the commands about the audit log.

import ArgumentParser

struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Verify, read and search audit logs.",
    discussion: """
      Every line of an audit log carries its number and a digest of all lines before it, so that an \
      edit, a removal or a move shows. With an audit key the log is signed at intervals, so that nobody \
      without the key can write it anew.
      """,
    subcommands: [
      AuditVerify.self, AuditAnchor.self, AuditTail.self, AuditQuery.self, AuditReport.self,
      AuditExtract.self, AuditDigest.self, AuditKeygen.self,
    ])
}
