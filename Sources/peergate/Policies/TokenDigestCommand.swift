// peergate token digest: the digest of a secret that exists.

import ArgumentParser
import Digests
import Glibc
import Peering
import Policy

struct TokenDigest: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "digest",
    abstract: "Print the SHA-256 of a secret.",
    discussion: """
      Reads the secret from standard input, never from the command line, where other users and the \
      shell's history would see it. One newline at its end does not count.

        peergate token digest < secret-file
      """)

  func run() throws {
    let isTerminal = isatty(STDIN_FILENO) == 1
    if isTerminal { Self.complain("type the secret (it will not be shown), then Enter:") }
    let line = Self.readSecret(isTerminal)
    guard let line, !line.isEmpty else { throw Self.fail("standard input holds no secret") }
    guard let secret = Credential(line) else {
      throw Self.fail(
        "this is no secret that a request can carry: 1 to 512 visible ASCII characters, no blanks")
    }
    guard readLine() == nil else {
      throw Self.fail("standard input holds more than one line; give one secret")
    }
    if let complaint = GuessableSecrets.complaint(of: secret) {
      Self.complain("warning: the secret \(complaint); make another with peergate token new")
    }
    Terminal.say(secret.withBytes { SHA256.digest(of: $0) }.hexadecimal)
  }

  private static func readSecret(_ isTerminal: Bool) -> String? {
    guard isTerminal else { return readLine() }
    var settings = termios()
    let isKnown = unsafe tcgetattr(STDIN_FILENO, &settings) == 0
    var silent = settings
    silent.c_lflag &= ~tcflag_t(ECHO)
    if isKnown { unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) }
    defer { if isKnown { unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings) } }
    return readLine()
  }
}
