// How a subcommand ends when it cannot do its work.

import ArgumentParser

extension ParsableCommand {
  /// One sentence to standard error, in the form every command uses, and exit status 1.
  static func fail(_ sentence: String) -> ExitCode {
    complain("error: \(sentence)")
    return .failure
  }

  static func complain(_ text: String) {
    Terminal.complain(text)
  }
}
