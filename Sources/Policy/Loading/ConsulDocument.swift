// Files around Consul's policies that are none themselves.

import Bytes
import HCL
import JSON

/// What Consul's API shows of a policy (`consul acl policy read -format json`), and a configuration of Terraform's: both
/// carry rules as a text inside, and are refused with a word on where to find it.
enum ConsulDocument {
  private static let terraform: Set<ByteString> = [
    "data", "locals", "module", "output", "provider", "resource", "terraform", "variable",
  ]
  private static let shown: Set<ByteString> = [
    "CreateIndex", "Datacenters", "Description", "Hash", "ID", "ModifyIndex", "Name", "Namespace",
    "Partition",
    "Rules", "TemplateName",
  ]
  private static let advice =
    "this is a policy as Consul's API shows it, expected the text of its \"Rules\" in a file by itself"

  /// For a whole file, before its `finish()`. Only where "Rules" stands are the other names taken for Consul's.
  static func refuse(_ reader: inout Reader) {
    if let block = reader.takeAll(named: terraform, areExpected: false).first {
      reader.error(
        at: block.position,
        "\(block.name.shown) belongs to Terraform, expected the text of its rules in a file by itself")
    }
    if reader.has("Rules"), let first = reader.takeAll(named: shown, areExpected: false).first {
      reader.error(at: first.position, advice)
    }
  }

  /// Consul writes null where this language has no word for it, and Terraform has expressions where there are none here,
  /// so such a file may not even parse.
  static func explained(_ error: SyntaxError, _ source: Source) -> SyntaxError {
    let bytes = source.bytes
    if let members = try? JSON.Document.parse(bytes.span).object {
      guard let rules = members.first(where: { $0.name == "Rules" }) else { return error }
      return SyntaxError(source.error(at: rules.position, advice))
    }
    guard isTerraform(bytes) else { return error }
    let message =
      "\(error.message); this file is Terraform's, expected the text of its rules in a file by itself"
    return SyntaxError(source.error(at: error.position, message))
  }

  /// Whether a line begins with one of Terraform's words and a label.
  private static func isTerraform(_ bytes: [UInt8]) -> Bool {
    bytes.split(separator: 0x0A).contains { line in
      let words = line.split(separator: 0x20, maxSplits: 2)
      guard words.count > 1, words[1].first == UInt8(ascii: "\"") else { return false }
      return terraform.contains { $0.utf8.elementsEqual(words[0]) }
    }
  }
}
