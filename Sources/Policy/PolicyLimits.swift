// Every size and count a policy folder may have.
package import JSON

package enum PolicyLimits {
  /// One file. A folder of 10,000 tokens is about 3 MB.
  package static let fileBytes = 16 << 20
  /// All files of a folder together.
  package static let folderBytes = 64 << 20
  package static let fileCount = 10_000

  /// Consul's own bound on names of policies and tokens.
  package static let nameBytes = 128
  /// A decision asks each policy of the token once, so this bounds its cost.
  package static let policiesPerToken = 64
  /// Two while rotating; four leaves room for a rotation that overlaps the next.
  package static let digestsPerToken = 4
  package static let sourcesPerToken = 64
  /// A secret of fewer bytes is worth a warning: twelve random letters and digits are tried in hours by anyone who has their
  /// digest, sixteen in centuries.
  package static let secretBytes = 16
  package static let certificateNamesPerToken = 64
  /// As long as a SPIFFE ID may be.
  package static let certificateNameBytes = 2048
  /// RFC 1035, section 2.3.4, as text.
  package static let dnsNameBytes = 253

  /// A token is reported as expiring from this long before its end.
  package static let expiryNoticeSeconds: Int64 = 30 * 24 * 3600
  /// How often a folder that changes while it is read is read anew.
  package static let folderReadAttempts = 5

  /// What parsing one line of an audit file may cost.
  package static let recordJSON = Limits(textBytes: 1 << 20, depth: 16, values: 4_096)

  /// Changes whose end was not read yet that a reader of an audit file keeps apart.
  package static let openIntents = 100_000
  /// Pairs of a token and a name that a suggestion is made from.
  package static let observedNames = 1 << 20

  /// Names that show a prefix: so many end right behind it …
  package static let namesOfPrefix = 3
  /// … or it goes on in so many ways, each with names of its own.
  package static let waysOfPrefix = 8
  /// Names and ways that show that a token may touch every name.
  package static let namesOfEvery = 16
  /// Of a hundred known names under a prefix, how many must have been allowed.
  package static let prefixPercent = 90

  /// Room made for the text of a denial.
  package static let usualMessageBytes = 160

  /// Answers that one line of a record may count; there are more in no interval.
  package static let unrecordedAnswers = 1 << 40
}
