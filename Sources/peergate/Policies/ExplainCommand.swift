// peergate explain: why would a request be allowed or denied?

import ArgumentParser
import Audit
import Bytes
import Peering
import Policy

struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what would be decided, and why.",
    discussion: """
      Shows the verdict and, in order, each rule that was considered and why it won or lost:

        peergate explain --token-name team-a-ci --operation establish --peer team-a-1
        peergate explain --audit audit.jsonl --id 2f1c0c1e-…

      The second form asks the policies about a request that an audit file recorded, by its id, \
      which the client found in X-Request-Id.
      """)

  @Option(help: "The folder of the policy files.")
  var policies = "policies"

  @Option(help: "Who asks: the name of a token block, or anonymous.")
  var tokenName: String?

  @Option(help: "generate, establish, read, delete or list.")
  var operation: String?

  @Option(help: "The peer's name; not for list.")
  var peer: String?

  @Option(help: "The partition.")
  var partition = "default"

  @Option(help: "The address the request comes from.")
  var source: String?

  @Option(help: "A URI name of the client certificate; may be given several times.")
  var sanURI: [String] = []

  @Option(help: "A DNS name of the client certificate; may be given several times.")
  var sanDNS: [String] = []

  @Option(help: "When the request comes, as 2027-06-30T00:00:00Z; now if not given.")
  var at: String?

  @Option(help: "An audit file that recorded the request; - is standard input.")
  var audit: String?

  @Option(help: "The request's id in the audit file.")
  var id: String?

  @Flag(help: "Show rules for other names and partitions too.")
  var all = false

  private struct Asked {
    let question: Question
    let subject: Subject
    let connection: PolicyAttributes
    let instant: Timestamp
  }

  func run() throws {
    let set = try Self.loadPolicies(policies)
    let asked = try audit.map { try recorded(in: $0, set) } ?? described(set)
    let explanation = Explanation(
      asked.question, by: asked.subject, connection: asked.connection, now: asked.instant)
    Terminal.show(text(explanation))
  }

  private func described(_ set: PolicySet) throws -> Asked {
    let wanted = operation.map { ByteString($0) }
    guard let known = Operation.allCases.first(where: { ByteString($0.rawValue) == wanted }) else {
      throw ValidationError("--operation takes generate, establish, read, delete or list")
    }
    let name = peer.flatMap { PeerName($0) }
    if peer != nil, name == nil { throw ValidationError("--peer: no peer can have this name") }
    guard (known == .list) == (name == nil) else {
      throw ValidationError(known == .list ? "a list names no --peer" : "\(known) needs a --peer")
    }
    guard let partition = Partition(partition) else {
      throw ValidationError("--partition: no partition can have this name")
    }
    let address = source.flatMap { Address($0) }
    if source != nil, address == nil { throw ValidationError("--source takes an IPv4 or IPv6 address") }
    let instant = at.map { Timestamp($0) } ?? .now
    guard let instant else { throw ValidationError("--at takes an instant in the form 2027-06-30T00:00:00Z") }
    let connection = PolicyAttributes(
      source: address, certificateURIs: sanURI, certificateDNSNames: sanDNS)
    return Asked(
      question: Question(operation: known, peer: name, partition: partition),
      subject: try subject(set, connection), connection: connection, instant: instant)
  }

  private func subject(_ set: PolicySet, _ connection: PolicyAttributes) throws -> Subject {
    guard let tokenName else { return set.subject(forCertificateOf: connection) ?? set.anonymous }
    if ByteString(tokenName) == "anonymous" { return set.anonymous }
    guard let subject = set.subject(named: ByteString(tokenName)) else {
      throw Self.fail("no token in \(policies) is named \"\(tokenName)\"")
    }
    return subject
  }

  private func recorded(in file: String, _ set: PolicySet) throws -> Asked {
    guard let id else { throw ValidationError("--audit needs the --id of a request") }
    let sought = ByteString(id)
    var found: AuditedRequest?
    do throws(ReadingError) {
      try RecordStream.forEachLine(of: file) { line, _, _ in
        if let request = try? AuditedRequest(line), request.id == sought { found = request }
        return true
      }
    } catch {
      throw Self.fail("\(error)")
    }
    guard let found else { throw Self.fail("\(file): no decision with the id \(id)") }
    guard let accessorID = found.accessorID, let subject = set.subject(accessorID: accessorID) else {
      throw Self.fail("the request's token (\(found.tokenName)) is not in \(policies)")
    }
    return Asked(
      question: found.question, subject: subject, connection: found.connection, instant: found.instant ?? .now
    )
  }

  private func text(_ explanation: Explanation) -> String {
    let decision = explanation.decision
    var lines = [
      "\(decision.isAllowed ? "allow" : "deny"): \(explanation.question) "
        + "for \(explanation.subject.name) (\(explanation.subject.accessorID.text))",
      "  \(decision.citation)",
    ]
    if let rule = decision.rule, !decision.isAllowed {
      lines.append("  \(rule.level.text) does not grant \(explanation.question.operation.access)")
    }
    let shown = explanation.steps.filter { all || $0.effect.concernsQuestion }
    if !shown.isEmpty { lines.append("") }
    for (index, step) in shown.enumerated() {
      lines.append("  \(index + 1). \(step.rule.citation)  [policy \(step.rule.policy)]")
      lines.append("     \(step.effect.text)")
    }
    let hidden = explanation.steps.count - shown.count
    if hidden > 0 { lines.append("  \(hidden) more for other names or partitions (--all shows them)") }
    return lines.joined(separator: "\n")
  }
}
