// One file of a policy folder, as bytes.
package import Bytes
package import Digests

package struct PolicyFile: Sendable {
  /// The name without the folder; it ends in `.hcl` or `.json`.
  package let name: ByteString
  /// How a person finds it from where the command runs.
  package let path: String
  package let bytes: [UInt8]

  package init(name: ByteString, path: String, bytes: [UInt8]) {
    self.name = name
    self.path = path
    self.bytes = bytes
  }

  /// The name without its ending: what a file of bare rules is called as a policy.
  var stem: ByteString {
    let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) ?? name.utf8.endIndex
    return ByteString(name.string[..<dot])
  }

  package static func isPolicy(_ name: ByteString) -> Bool {
    !isTest(name) && (name.hasSuffix(".hcl") || name.hasSuffix(".json"))
  }

  /// Nearly a policy, which its ending in another case keeps from being read.
  static func isOverlooked(_ name: ByteString) -> Bool {
    !isPolicy(name) && isPolicy(name.lowercasedASCII)
  }

  package static func isTest(_ name: ByteString) -> Bool {
    name.hasSuffix(".test.hcl") || name.hasSuffix(".test.json")
  }

  /// Over names and contents, each closed off by its length so that no byte can move between files unseen.
  package static func digest(of files: [PolicyFile]) -> SHA256Digest {
    var digest = SHA256()
    for file in files.sorted(by: { $0.name < $1.name }) {
      for part in [Array(file.name.utf8), file.bytes] {
        let length = (0..<8).map { UInt8(truncatingIfNeeded: part.count >> (56 - 8 * $0)) }
        digest.update(length.span)
        digest.update(part.span)
      }
    }
    return digest.finish()
  }
}
