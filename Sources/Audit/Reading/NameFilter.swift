// One name, or all names that begin alike.
package import Bytes

/// `team-b-web` is that name alone, `team-b-*` every name that begins with `team-b-`, `*` any name at all. An asterisk
/// elsewhere is an asterisk.
package struct NameFilter: Sendable, Hashable {
  private let text: ByteString
  private let isPrefix: Bool

  package init(_ text: ByteString) {
    isPrefix = text.hasSuffix("*")
    self.text = isPrefix ? ByteString(Substring(text.string.utf8.dropLast())) : text
  }

  package func matches(_ name: ByteString?) -> Bool {
    guard let name else { return false }
    return isPrefix ? name.hasPrefix(text) : name == text
  }
}
