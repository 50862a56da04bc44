// Figures on their way from the load generator to the command that asked for them.

import Bytes
import JSON

extension LoadFigures {
  private static var counts: [(String, WritableKeyPath<LoadFigures, Int>)] {
    [
      ("requests", \.requests), ("user_ticks", \.processorTime.user),
      ("system_ticks", \.processorTime.system),
      ("machine_user_ticks", \.machineTime.user), ("machine_system_ticks", \.machineTime.system),
      ("load_user_ticks", \.loadTime.user), ("load_system_ticks", \.loadTime.system),
      ("rss_kb", \.memory.residentKilobytes), ("pss_kb", \.memory.proportionalKilobytes),
      ("rss_before_kb", \.memoryBefore.residentKilobytes),
      ("pss_before_kb", \.memoryBefore.proportionalKilobytes),
      ("resumed", \.resumed),
    ]
  }

  var json: String {
    var writer = Writer()
    write(to: &writer)
    return String(decoding: writer.finish(), as: UTF8.self)
  }

  func write(to writer: inout Writer) {
    writer.beginObject()
    for (name, path) in Self.counts {
      writer.key(name)
      writer.number(self[keyPath: path])
    }
    writer.key("microseconds")
    writer.number(Int(seconds * 1_000_000))
    writer.key("p50_ns")
    writer.number(median)
    writer.key("p99_ns")
    writer.number(percentile99)
    writer.key("tls")
    writer.string(protocolVersion)
    writer.endObject()
  }

  init(json: [UInt8]) throws {
    guard let node = try? Document.parse(json.span), node.object != nil else {
      throw Trouble("the load generator's figures cannot be read")
    }
    for (name, path) in Self.counts { self[keyPath: path] = node[ByteString(name)]?.integer ?? 0 }
    seconds = Double(node["microseconds"]?.integer ?? 0) / 1_000_000
    median = node["p50_ns"]?.unsignedInteger ?? 0
    percentile99 = node["p99_ns"]?.unsignedInteger ?? 0
    protocolVersion = node["tls"]?.string ?? ""
  }
}
