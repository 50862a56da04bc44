// Policy tests against a policy set, and which rules they reach.
import Bytes
import Peering

/// What came of the tests.
package struct PolicyTestRun: Sendable {
  package struct Failure: Sendable {
    package let test: PolicyTest
    /// Nil when the test as a whole cannot run.
    package let question: Question?
    package let complaint: String
  }

  package let testCount: Int
  package private(set) var questionCount = 0
  package private(set) var failures: [Failure] = []
  /// How many questions each rule of the set decided, in the order of the files.
  package private(set) var coverage: [(rule: Rule, decided: Int)] = []

  private var decided: [ObjectIdentifier: Int] = [:]
  private let subjects: [ByteString: Subject]

  package init(_ tests: [PolicyTest], on policies: PolicySet, now: Timestamp) {
    testCount = tests.count
    subjects = policies.subjectsByName()
    for test in tests { run(test, policies, now) }
    coverage = policies.policies.flatMap(\.rules).map { ($0, decided[ObjectIdentifier($0)] ?? 0) }
  }

  /// Rules that decided no question: nothing would be noticed if they were wrong.
  package var uncovered: [Rule] { coverage.lazy.filter { $0.decided == 0 }.map(\.rule) }

  private mutating func run(_ test: PolicyTest, _ policies: PolicySet, _ now: Timestamp) {
    let subject: Subject
    switch test.caller {
    case .anonymous: subject = policies.anonymous
    case .certificate:
      subject = policies.subject(forCertificateOf: test.connection) ?? policies.anonymous
    case .token(let name):
      guard let found = subjects[name] else {
        failures.append(Failure(test: test, question: nil, complaint: "no token is named \"\(name.shown)\""))
        return
      }
      subject = found
    }
    for question in test.questions {
      questionCount += 1
      let decision = Judge.decide(
        question, subject: subject, connection: test.connection, now: test.instant ?? now)
      if let rule = decision.rule { decided[ObjectIdentifier(rule), default: 0] += 1 }
      if let complaint = test.complaint(decision, question) {
        failures.append(Failure(test: test, question: question, complaint: complaint))
      }
    }
  }
}

extension PolicyTest {
  /// What is wrong with a decision; nil when it is as expected.
  fileprivate func complaint(_ decision: Decision, _ question: Question) -> String? {
    if decision.isAllowed != isAllowed {
      return "\(decision.isAllowed ? "allowed" : "denied") by \(decision.citation), expected to be "
        + (isAllowed ? "allowed" : "denied")
    }
    if let by, by != ByteString(decision.reasonText) {
      return "decided by \"\(decision.reasonText)\", expected \"\(by.shown)\" (\(decision.citation))"
    }
    if let policy, policy != decision.rule?.policy {
      return "decided by a rule of \(decision.rule.map { "policy \"\($0.policy.shown)\"" } ?? "no policy"), "
        + "expected policy \"\(policy.shown)\""
    }
    guard question.operation == .list, let scope = decision.scope(in: question.partition) else { return nil }
    if let hidden = shows.first(where: { !scope.allowsReading($0, in: question.partition) }) {
      return "the list hides \"\(hidden)\", expected it shown"
    }
    if let shown = hides.first(where: { scope.allowsReading($0, in: question.partition) }) {
      return "the list shows \"\(shown)\", expected it hidden"
    }
    return nil
  }
}

extension Decision {
  /// The rule without braces, or the reason in plain words: what a test's `by` is compared with.
  package var reasonText: String {
    if let rule { return rule.key.text }
    switch denied {
    case nil: return "no rule"
    case .lacksPermission, .grantsNothing: return "no rule"
    case .unknownToken: return "unknown token"
    case .tokenRevoked: return "token revoked"
    case .tokenNotYetValid: return "token not yet valid"
    case .tokenExpired: return "token expired"
    case .sourceNotAllowed: return "source not allowed"
    case .certificateNotAllowed: return "certificate not allowed"
    }
  }
}
