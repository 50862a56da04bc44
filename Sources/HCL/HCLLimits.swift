// Every size that a configuration text may have before it is refused.

package enum HCLLimits {
  /// Ten thousand tokens and rules take about three megabytes.
  package static let fileBytes = 16 << 20
  /// Blocks, lists and objects inside one another.
  package static let depth = 32
  /// How much of a source line a diagnostic shows, in characters.
  package static let shownLineCharacters = 120
  /// A duration as text.
  static let durationBytes = 100
  /// Errors that one report shows, and warnings; those beyond are counted.
  package static let diagnostics = 100
  /// How much of a quoted name a message shows.
  package static let quotedCharacters = 60
}
