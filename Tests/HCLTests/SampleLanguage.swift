// A small language with every kind of question that Reader answers.

import Bytes
import HCL

/// Reads a document as the sample language has it and says in words what was found.
@discardableResult
func readSample(_ document: HCL.Document, into report: Report) -> [String] {
  var found: [String] = []
  func note(_ name: String, _ value: (some Any)?) { if let value { found.append("\(name) = \(value)") } }
  var reader = Reader(document, into: report)
  note("name", reader.requiredString("name")?.value)
  note("count", reader.integer("count", in: 1...10)?.value)
  note("enabled", reader.bool("enabled")?.value)
  note("tags", reader.strings("tags")?.map(\.value.string))
  note("timeout", reader.duration("timeout", in: .milliseconds(100) ... .seconds(60))?.value)
  // Asked for as text first and as blocks afterwards; the order must not matter.
  note("peering", reader.string("peering")?.value)
  for block in reader.blocks("peering", labels: ["name"]) {
    found.append("\(block.title): \(rule(block, in: document, report))")
  }
  for block in reader.blocks("link", labels: ["from", "to"]) {
    found.append("\(block.title): \(rule(block, in: document, report))")
  }
  if let block = reader.block("listener") {
    var listener = Reader(block.body, of: "the listener", in: document.source, into: report)
    note("address", listener.requiredString("address")?.value)
    listener.finish()
  }
  reader.finish()
  return found
}

private func rule(_ block: Block, in document: HCL.Document, _ report: Report) -> String {
  var reader = Reader(block, in: document.source, into: report)
  let level = reader.requiredString("policy")
  reader.finish()
  return level?.value.string ?? "nothing"
}
