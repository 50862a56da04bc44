// One file of a policy folder, as bytes.
package import Digests

package struct PolicyFile: Sendable {
  /// The name without the folder; it ends in `.hcl` or `.json`.
  package let name: String
  /// How a person finds it from where the command runs.
  package let path: String
  package let bytes: [UInt8]

  package init(name: String, path: String, bytes: [UInt8]) {
    self.name = name
    self.path = path
    self.bytes = bytes
  }

  /// The name without its ending: what a file of bare rules is called as a policy.
  var stem: String {
    let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) ?? name.endIndex
    return String(name[..<dot])
  }

  package static func isPolicy(_ name: String) -> Bool {
    !isTest(name) && (name.hasSuffix(".hcl") || name.hasSuffix(".json"))
  }

  package static func isTest(_ name: String) -> Bool {
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
