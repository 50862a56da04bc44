// Lines about CRLs that end while the gate runs: nobody reads a CRL again for that, but clients are refused from then on.

internal import TLS

/// Pure: anyone who holds it knows the time. Of each CRL there is one line when its end is near and one when it has come;
/// what was so when the CRLs were read has been said then.
package struct RevocationReminders {
  /// The next first.
  private var reminders: [(at: Int, reminder: Reminder)] = []

  package struct Reminder: Equatable {
    package let text: String
    /// Clients are refused, or soon will be.
    package let isUrgent: Bool
  }

  package init(_ settings: Settings, at seconds: Int) { self.init(settings.tls.revocationTerms, at: seconds) }

  init(_ terms: [RevocationTerm], at seconds: Int) {
    for term in terms {
      if let warning = term.warning(at: term.endsSoonAt) {
        reminders.append((term.endsSoonAt, Reminder(text: warning.reason, isUrgent: false)))
      }
      let ended = "\(term.file): the CRL of (\(term.issuer)) has expired"
      reminders.append(
        (
          term.endsAt,
          term.expiry == .refused
            ? Reminder(
              text: "\(ended): the clients it speaks for are refused until a new one is read", isUrgent: true)
            : Reminder(text: "\(ended) and counts on, as crl_expired says", isUrgent: false)
        ))
    }
    reminders.removeAll { $0.at <= seconds || $0.at == .max }
    reminders.sort { $0.at < $1.at }
  }

  /// Until the next line; nil is for ever. Not longer than an hour: the clock may be set meanwhile.
  package func pause(at seconds: Int) -> Duration? {
    reminders.first.map { .seconds(min(max(0, $0.at - seconds), 3_600)) }
  }

  /// What is to be said by now, each once.
  package mutating func due(at seconds: Int) -> [Reminder] {
    let due = reminders.prefix { $0.at <= seconds }
    reminders.removeFirst(due.count)
    return due.map(\.reminder)
  }
}
